using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using Delivery.Protocol.Arrow;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Sealing;
using Delivery.Server.Storage;

namespace Delivery.Server.Intake;

/// <summary>Collects the rows of one segment column by column, then seals each column in the layout it is read in. One thread at a time owns it.</summary>
internal sealed class SegmentBuffer
{
    // Absent values while rows are collected; neither can be a row's own value, for those are refused before.
    private const double AbsentNumber = double.NaN;
    private const sbyte AbsentWhole = -1;

    // A row is larger than a cache line, so it is handed on by reference.
    private delegate double? Pick(in ResultRow row);

    private static readonly (StoredColumn Column, Pick Value)[] Numbers =
    [
        (StoredColumn.OriginalAbilityLogit, (in ResultRow row) => row.OriginalAbility.Logit),
        (StoredColumn.OriginalAbilityStandardError, (in ResultRow row) => row.OriginalAbility.StandardError),
        (StoredColumn.RecalculatedAbilityLogit, (in ResultRow row) => row.RecalculatedAbility.Logit),
        (StoredColumn.RecalculatedAbilityStandardError, (in ResultRow row) => row.RecalculatedAbility.StandardError),
        (StoredColumn.AbilityLogit, (in ResultRow row) => row.Ability.Logit),
        (StoredColumn.AbilityStandardError, (in ResultRow row) => row.Ability.StandardError),
        (StoredColumn.ProfileArea1Logit, (in ResultRow row) => row.ProfileArea1.Logit),
        (StoredColumn.ProfileArea1StandardError, (in ResultRow row) => row.ProfileArea1.StandardError),
        (StoredColumn.ProfileArea2Logit, (in ResultRow row) => row.ProfileArea2.Logit),
        (StoredColumn.ProfileArea2StandardError, (in ResultRow row) => row.ProfileArea2.StandardError),
        (StoredColumn.ProfileArea3Logit, (in ResultRow row) => row.ProfileArea3.Logit),
        (StoredColumn.ProfileArea3StandardError, (in ResultRow row) => row.ProfileArea3.StandardError),
    ];

    private readonly List<byte> _cprNumbers = [];
    private readonly List<byte> _institutions = [];
    private readonly List<long> _testedAt = [];
    private readonly List<sbyte> _obligations = [];
    private readonly List<sbyte> _points = [];
    private readonly List<sbyte> _levels = [];
    private readonly List<double>[] _numbers = [.. Numbers.Select(_ => new List<double>())];

    public int Rows => _obligations.Count;

    /// <summary>Rows that never leave.</summary>
    public int WithheldRows { get; private set; }

    /// <summary>Rows of voluntary tests, which are among those.</summary>
    public int VoluntaryRows { get; private set; }

    public void Add(in ResultRow row)
    {
        Span<byte> text = stackalloc byte[CprNumber.Size];
        row.Cpr.CopyTo(text);
        _cprNumbers.AddRange(text);
        row.Institution.Value.TryFormat(text, out var digits, "D6", CultureInfo.InvariantCulture);
        _institutions.AddRange(text[..digits]);
        _testedAt.Add(CopenhagenTime.UnixSeconds(row.TestedAt));
        _obligations.Add((sbyte)row.Obligation);
        _points.Add((sbyte)(row.Points ?? AbsentWhole));
        _levels.Add((sbyte)(row.CriterionLevel ?? AbsentWhole));
        for (var number = 0; number < Numbers.Length; number++)
        {
            _numbers[number].Add(Numbers[number].Value(in row) ?? AbsentNumber);
        }
    }

    /// <summary>Adds rows that another buffer holds, which stand in this school year.</summary>
    public void Append(SegmentBuffer from, int start, int count, SchoolYear year)
    {
        _cprNumbers.AddRange(CollectionsMarshal.AsSpan(from._cprNumbers).Slice(start * CprNumber.Size, count * CprNumber.Size));
        _institutions.AddRange(CollectionsMarshal.AsSpan(from._institutions).Slice(start * InstitutionNumber.Size, count * InstitutionNumber.Size));
        _testedAt.AddRange(CollectionsMarshal.AsSpan(from._testedAt).Slice(start, count));
        var obligations = CollectionsMarshal.AsSpan(from._obligations).Slice(start, count);
        _obligations.AddRange(obligations);
        _points.AddRange(CollectionsMarshal.AsSpan(from._points).Slice(start, count));
        _levels.AddRange(CollectionsMarshal.AsSpan(from._levels).Slice(start, count));
        for (var number = 0; number < Numbers.Length; number++)
        {
            _numbers[number].AddRange(CollectionsMarshal.AsSpan(from._numbers[number]).Slice(start, count));
        }

        foreach (var obligation in obligations)
        {
            WithheldRows += Obligations.MayLeave((Obligation)obligation, year) ? 0 : 1;
            VoluntaryRows += obligation == (sbyte)Obligation.Voluntary ? 1 : 0;
        }
    }

    public void Clear()
    {
        _cprNumbers.Clear();
        _institutions.Clear();
        _testedAt.Clear();
        _obligations.Clear();
        _points.Clear();
        _levels.Clear();
        Array.ForEach(_numbers, number => number.Clear());
        (WithheldRows, VoluntaryRows) = (0, 0);
    }

    /// <summary>
    /// Seals the columns, each as narrow as its values allow. Columns without a value in any row are left out; <paramref name="place"/> is given
    /// back with what it holds. What was collected is gone afterwards.
    /// </summary>
    public (SegmentPlace Place, IReadOnlyList<(StoredColumn Column, byte[] Sealed)> Columns) Seal(SegmentPlace place, DataKey key)
    {
        var columns = new List<(StoredColumn, byte[])>();
        var times = CollectionsMarshal.AsSpan(_testedAt);
        SealColumn(StoredColumn.CprNumber, CollectionsMarshal.AsSpan(_cprNumbers), []);
        SealColumn(StoredColumn.InstitutionNumber, CollectionsMarshal.AsSpan(_institutions), []);
        SealColumn(StoredColumn.TestedAt, NarrowColumn.WidthBytes(times) == sizeof(int) ? NarrowColumn.NarrowInPlace(times) : MemoryMarshal.AsBytes(times), []);
        SealColumn(StoredColumn.Obligation, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_obligations)), []);
        SealWholes(StoredColumn.Points0To50, CollectionsMarshal.AsSpan(_points));
        SealWholes(StoredColumn.CriterionLevel, CollectionsMarshal.AsSpan(_levels));
        for (var number = 0; number < Numbers.Length; number++)
        {
            SealNumbers(Numbers[number].Column, CollectionsMarshal.AsSpan(_numbers[number]));
        }

        return (place, columns);

        void SealWholes(StoredColumn column, Span<sbyte> values)
        {
            var validity = TakeNulls(values, AbsentWhole, out var nulls);
            SealColumn(column, MemoryMarshal.AsBytes(values), validity, nulls);
        }

        void SealNumbers(StoredColumn column, Span<double> values)
        {
            var validity = TakeNulls(values, AbsentNumber, out var nulls);
            var width = nulls == Rows ? sizeof(double) : NarrowColumn.WidthBytes(values);
            SealColumn(column, width == sizeof(double) ? MemoryMarshal.AsBytes(values) : NarrowColumn.NarrowInPlace(values, width), validity, nulls);
        }

        void SealColumn(StoredColumn column, ReadOnlySpan<byte> values, ReadOnlySpan<byte> validity, int nulls = 0)
        {
            if (nulls == Rows)
            {
                return;
            }

            var width = values.Length / Rows;
            place = place with { Columns = place.Columns | StoredColumns.Bits(column, width) };
            var length = StoredColumns.LengthBytes(width, Rows, nulls);
            var plain = ArrayPool<byte>.Shared.Rent(length);
            StoredColumns.WriteHead(plain, Rows, nulls);
            validity.CopyTo(plain.AsSpan(StoredColumns.HeadBytes));
            values.CopyTo(plain.AsSpan(StoredColumns.HeadBytes + validity.Length));
            Span<byte> binding = stackalloc byte[SegmentPlace.BindingBytes];
            place.WriteBinding(column, binding);
            var blob = new byte[length + XaesGcm.Overhead];
            XaesGcm.Seal(key, plain.AsSpan(0, length), binding, blob);
            ArrayPool<byte>.Shared.Return(plain, clearArray: true);
            columns.Add((column, blob));
        }
    }

    // Zeroes absent values and tells where they were: one bit a row, none where every row has a value.
    private static byte[] TakeNulls<T>(Span<T> values, T absent, out int nulls)
        where T : unmanaged, IEquatable<T>
    {
        var validity = new byte[StoredColumns.ValidityBytes(values.Length, 1)];
        nulls = 0;
        for (var row = 0; row < values.Length; row++)
        {
            if (values[row].Equals(absent))
            {
                values[row] = default;
                nulls++;
            }
            else
            {
                ValidityBitmap.Set(validity, row);
            }
        }

        return nulls == 0 ? [] : validity;
    }
}
