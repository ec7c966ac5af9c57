namespace Atenea.Data;

/// <summary>One place of a finding.</summary>
/// <param name="Line">The line of the file, from 1; 0 where the place is the file as a whole.</param>
/// <param name="Value">The value found there, or null.</param>
public sealed record FindingPlace(long Line, string? Value);
