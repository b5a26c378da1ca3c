namespace Delivery.Protocol.Domain;

/// <summary>One test as a pupil meets it: programme, subject and grade. Written <c>NT-DAN-2</c>.</summary>
/// <param name="Programme">NT or FNO.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Grade">The grade, 2 to 8.</param>
public readonly record struct TestCode(Programme Programme, Subject Subject, byte Grade) : IComparable<TestCode>
{
    /// <summary>Reads <c>NT-DAN-2</c>; false when the form is not met. Whether the test exists is for <see cref="TestCatalogue"/> to say.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TestCode code)
    {
        code = default;
        var dash = text.IndexOf('-');
        if (dash < 0 || text.Length != dash + 6 || text[dash + 4] != '-' || !char.IsAsciiDigit(text[^1])
            || !Programmes.TryParse(text[..dash], out var programme)
            || !Subjects.TryParse(text.Slice(dash + 1, 3), out var subject))
        {
            return false;
        }

        code = new TestCode(programme, subject, (byte)(text[^1] - '0'));
        return true;
    }

    /// <summary>By programme, then subject, then grade.</summary>
    public int CompareTo(TestCode other) =>
        (Programme, Subject, Grade).CompareTo((other.Programme, other.Subject, other.Grade));

    /// <summary>The code, <c>NT-DAN-2</c>.</summary>
    public override string ToString() => $"{Programme.Code()}-{Subject.Code()}-{(char)('0' + Grade)}";
}
