namespace Atenea.Errors;

/// <summary>One entry of the <see cref="Catalogue"/>: a stable code and what a user needs to act on it.</summary>
/// <param name="Id">The stable code, <c>ATN</c> and four digits. Never reused for another meaning.</param>
/// <param name="Title">What went wrong, in a few words.</param>
/// <param name="Remedy">What the user can do about it.</param>
/// <param name="ExitCode">The process exit code: 2 wrong usage or bad input, 3 the run itself failed.</param>
public sealed record ErrorCode(string Id, string Title, string Remedy, int ExitCode = ErrorCode.BadInput)
{
    /// <summary>Exit code of wrong usage or bad input.</summary>
    public const int BadInput = 2;

    /// <summary>Exit code of a run that failed by itself, for example on a non-finite loss.</summary>
    public const int RunFailed = 3;
}
