using System.Globalization;

namespace Delivery.Protocol.Domain;

/// <summary>
/// The unit results are stored, approved and read in: one test in one school year. Written <c>NT-DAN-2-2014</c>
/// (test code and the year the school year starts); there are 170 of them. Orders by year, programme, subject, grade.
/// </summary>
/// <param name="Programme">NT or FNO.</param>
/// <param name="SchoolYear">The school year.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Grade">The grade, 2 to 8.</param>
public readonly record struct PartitionKey(Programme Programme, SchoolYear SchoolYear, Subject Subject, byte Grade)
    : IComparable<PartitionKey>
{
    /// <summary>The test, without the year.</summary>
    public TestCode TestCode => new(Programme, Subject, Grade);

    /// <summary>
    /// A number with the same order as the key, readable in a database: start year, programme, subject, grade as
    /// decimal digits, so NT-DAN-2-2014 is 2014112.
    /// </summary>
    public int Id => (SchoolYear.StartYear * 1000) + ((int)Programme * 100) + ((int)Subject * 10) + Grade;

    /// <summary>The key of an <see cref="Id"/>; false when the number names no programme or subject.</summary>
    public static bool TryFromId(int id, out PartitionKey key)
    {
        var programme = (Programme)(id / 100 % 10);
        var subject = (Subject)(id / 10 % 10);
        var known = id > 0 && programme is Programme.NT or Programme.FNO && subject is >= Subject.DanishReading and <= Subject.Biology;
        key = known ? new PartitionKey(programme, new SchoolYear(id / 1000), subject, (byte)(id % 10)) : default;
        return known;
    }

    /// <summary>Reads <c>NT-DAN-2-2014</c>; false when the form is not met. Whether it exists is for <see cref="TestCatalogue"/> to say.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PartitionKey key)
    {
        key = default;
        if (text.Length < 6 || text[^5] != '-' || !TestCode.TryParse(text[..^5], out var code)
            || !int.TryParse(text[^4..], NumberStyles.None, CultureInfo.InvariantCulture, out var year) || year < 1900)
        {
            return false;
        }

        key = new PartitionKey(code.Programme, new SchoolYear(year), code.Subject, code.Grade);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(PartitionKey other) => Id.CompareTo(other.Id);

    /// <summary>The stable text form, <c>NT-DAN-2-2014</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{TestCode}-{SchoolYear.StartYear:D4}");
}
