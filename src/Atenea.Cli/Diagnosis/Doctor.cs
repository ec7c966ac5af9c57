using System.Runtime.InteropServices;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Cli;

/// <summary>Looks at the machine and the installation.</summary>
internal static class Doctor
{
    /// <summary>Version of this program.</summary>
    public static string Version { get; } = typeof(Doctor).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>Examines everything.</summary>
    public static DoctorReport Examine()
    {
        var cache = HubCache.FromEnvironment();
        string? forced = string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Backend.EnvironmentVariable))
            ? null
            : Backend.EnvironmentVariable;
        return new DoctorReport(
            Version,
            RuntimeInformation.FrameworkDescription,
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
            ProcessorName(),
            Environment.ProcessorCount,
            Backend.Available,
            Backend.DefaultName,
            forced,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            AvailableMemory(),
            new CacheReport(
                cache.Root,
                Directory.Exists(cache.Root),
                cache.Repositories(RepositoryKind.Model),
                cache.Repositories(RepositoryKind.Dataset)),
            EmbeddedModel());
    }

    private static EmbeddedModelReport EmbeddedModel()
    {
        string? folder = ModelLocator.EmbeddedFolder();
        const string Absent = "not found beside the program nor in its repository";
        if (folder is null) return new EmbeddedModelReport(ModelLocator.EmbeddedId, null, 0, Absent);
        try
        {
            ModelConfig.Load(Path.Combine(folder, ModelConfig.FileName));
            using SafeTensorsFile weights = SafeTensorsFile.Open(Path.Combine(folder, Checkpoint.FileName));
            return new EmbeddedModelReport(ModelLocator.EmbeddedId, folder, weights.Tensors.Count, null);
        }
        catch (AteneaException error)
        {
            return new EmbeddedModelReport(ModelLocator.EmbeddedId, folder, 0, error.Message);
        }
    }

    private static string ProcessorName()
    {
        const string Unknown = "unknown";
        if (OperatingSystem.IsWindows()) return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? Unknown;
        return Line("/proc/cpuinfo", "model name") ?? Line("/proc/cpuinfo", "Model") ?? Unknown;
    }

    private static long? AvailableMemory()
    {
        string? kibibytes = Line("/proc/meminfo", "MemAvailable")?.Split(' ')[0];
        return long.TryParse(kibibytes, out long value) ? value * 1024 : null;
    }

    // The value of "key : value" in one of Linux's tables; null on other systems.
    private static string? Line(string file, string key)
    {
        if (!File.Exists(file)) return null;
        string[]? cells = File.ReadLines(file).Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .FirstOrDefault(cells => cells.Length == 2 && cells[0] == key);
        return cells?[1];
    }
}
