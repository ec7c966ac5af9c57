namespace Atenea.Errors.Tests;

/// <summary>Finds the repository that the tests were built in.</summary>
internal static class Repository
{
    public static string File(params ReadOnlySpan<string> parts) => Path.Combine([References.Repository, .. parts]);
}
