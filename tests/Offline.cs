using System.Runtime.CompilerServices;

namespace Atenea.Testing;

/// <summary>No test reaches for the network: what is not at hand is missing. Tests of the network bring a server of their own.</summary>
internal static class Offline
{
    /// <summary>Runs before the first test of every test project.</summary>
    [ModuleInitializer]
    internal static void Enter() => Environment.SetEnvironmentVariable("HF_HUB_OFFLINE", "1");
}
