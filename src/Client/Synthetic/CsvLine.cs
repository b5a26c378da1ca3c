using Delivery.Protocol.Domain;

namespace Delivery.Client.Synthetic;

/// <summary>One line of CSV being written into a span that is known to be long enough.</summary>
internal ref struct CsvLine(Span<byte> destination)
{
    private const int Decimals = 4;
    private const int Scale = 10_000;

    private readonly Span<byte> _destination = destination;

    /// <summary>Bytes written.</summary>
    internal int Length { get; private set; }

    /// <summary>The next bytes, for someone else to fill.</summary>
    internal Span<byte> Take(int count)
    {
        var taken = _destination.Slice(Length, count);
        Length += count;
        return taken;
    }

    internal void Comma() => _destination[Length++] = (byte)',';

    internal void Bytes(ReadOnlySpan<byte> text) => text.CopyTo(Take(text.Length));

    /// <summary>A whole number of fixed width, with leading zeros.</summary>
    internal void Digits(int value, int width)
    {
        var digits = Take(width);
        for (var i = width - 1; i >= 0; i--)
        {
            digits[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }

    /// <summary>Local time, <c>2015-03-12T09:30:00</c>.</summary>
    internal void Time(DateTime time)
    {
        Digits(time.Year, 4);
        Separated('-', time.Month);
        Separated('-', time.Day);
        Separated('T', time.Hour);
        Separated(':', time.Minute);
        Separated(':', time.Second);
    }

    /// <summary>A comma and a small whole number, or a comma alone when absent.</summary>
    internal void Field(int? value)
    {
        Comma();
        if (value is { } number)
        {
            Digits(number, number < 10 ? 1 : 2);
        }
    }

    /// <summary>An estimate as two fields, each after a comma.</summary>
    internal void Fields(in Estimate estimate)
    {
        Field(estimate.Logit);
        Field(estimate.StandardError);
    }

    private void Field(double? value)
    {
        Comma();
        if (value is not { } number)
        {
            return;
        }

        var scaled = (int)Math.Round(number * Scale);
        if (scaled < 0)
        {
            _destination[Length++] = (byte)'-';
            scaled = -scaled;
        }

        var whole = scaled / Scale;
        Digits(whole, whole < 10 ? 1 : 2);
        _destination[Length++] = (byte)'.';
        Digits(scaled % Scale, Decimals);
    }

    private void Separated(char separator, int value)
    {
        _destination[Length++] = (byte)separator;
        Digits(value, 2);
    }
}
