using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Atenea.Training;

/// <summary>The machine that a run was made on, for its report.</summary>
internal static class MachineInfo
{
    /// <summary>Name of the processor as the system tells it, or its architecture.</summary>
    public static string Processor { get; } = ReadProcessor();

    /// <summary>Name of the back end that runs where nothing else is asked for.</summary>
    public static string Backend => Tensors.Backend.DefaultName;

    /// <summary>Logical processors.</summary>
    public static int LogicalProcessors => Environment.ProcessorCount;

    /// <summary>Operating system.</summary>
    public static string System => RuntimeInformation.OSDescription;

    /// <summary>.NET's version.</summary>
    public static string Runtime => RuntimeInformation.FrameworkDescription;

    /// <summary>Atenea's version.</summary>
    public static string Version => typeof(MachineInfo).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>Most memory that the process has had in use, in bytes.</summary>
    public static long PeakMemory
    {
        get
        {
            using Process self = Process.GetCurrentProcess();
            return self.PeakWorkingSet64;
        }
    }

    private static string ReadProcessor()
    {
        const string file = "/proc/cpuinfo", key = "model name";
        try
        {
            string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal)) : null;
            return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return RuntimeInformation.ProcessArchitecture.ToString();
        }
    }
}
