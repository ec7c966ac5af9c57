namespace Atenea.Errors;

/// <summary>
/// An error meant for the user: a code of the <see cref="Catalogue"/>, what exactly was found, where, and what to do.
/// The command line prints <see cref="Exception.Message"/> and never a stack trace.
/// </summary>
public sealed class AteneaException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="code">The catalogue's entry.</param>
    /// <param name="what">What was found, with the offending value.</param>
    /// <param name="where">File, line, key or tensor; null where there is no place to name.</param>
    /// <param name="remedy">A remedy more exact than the catalogue's, or null.</param>
    /// <param name="inner">The cause, kept for logs.</param>
    public AteneaException(ErrorCode code, string what, string? where = null, string? remedy = null, Exception? inner = null)
        : base(Format(code, what, where, remedy), inner)
    {
        Code = code;
        What = what;
        Where = where;
        Remedy = remedy ?? code.Remedy;
    }

    /// <summary>The catalogue's entry.</summary>
    public ErrorCode Code { get; }

    /// <summary>What was found.</summary>
    public string What { get; }

    /// <summary>File, line, key or tensor, if there is one.</summary>
    public string? Where { get; }

    /// <summary>What the user can do.</summary>
    public string Remedy { get; }

    private static string Format(ErrorCode code, string what, string? where, string? remedy)
    {
        string place = where is null ? "" : $"\n  where: {where}";
        return $"{code.Id} {code.Title}: {what}{place}\n  try:   {remedy ?? code.Remedy}";
    }
}
