namespace Delivery.Server.Intake;

/// <summary>How the characters of a results file are written.</summary>
internal enum CsvText
{
    Utf8 = 1,

    /// <summary>One byte a character; the letters a replacement number may hold are the bytes a <see cref="Protocol.Domain.CprNumber"/> has.</summary>
    Windows1252 = 2,
}

/// <summary>How a results file is written.</summary>
/// <param name="Text">Its characters.</param>
/// <param name="Delimiter">What separates fields: a comma or a semicolon.</param>
/// <param name="LineBytesMax">Longest line, its end not counted.</param>
internal sealed record CsvFormat(CsvText Text, byte Delimiter, int LineBytesMax);
