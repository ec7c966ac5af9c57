namespace Atenea.Hub.Tests;

/// <summary>Finds the reference files copied next to the tests.</summary>
internal static class Golden
{
    public static string File(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "Data", .. parts]);
}
