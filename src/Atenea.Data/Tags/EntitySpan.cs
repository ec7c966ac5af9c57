namespace Atenea.Data;

/// <summary>An entity among tokens.</summary>
/// <param name="Type">Its type, the part of the tag behind the prefix.</param>
/// <param name="Start">Its first token, from 0.</param>
/// <param name="End">The token behind its last.</param>
public sealed record EntitySpan(string Type, int Start, int End);
