using Atenea.Errors;

namespace Atenea.Tensors;

/// <summary>
/// What the numbers of a tape run on. The processor has one back end for each instruction set that it knows; all of them give the same
/// bits. One thread at a time may use a back end.
/// </summary>
/// <example>
/// <code>
/// using var backend = Backend.Create();
/// using var tape = new Tape(backend);
/// </code>
/// </example>
public sealed class Backend : IDisposable
{
    /// <summary>The environment variable that names the back end where the program does not.</summary>
    public const string EnvironmentVariable = "ATENEA_ISA";

    private Backend(string name, int threads)
    {
        Name = name;
        Team = new WorkerTeam(threads);
    }

    /// <summary>Names of what this machine can run on, slowest first.</summary>
    public static IReadOnlyList<string> Available { get; } = [.. Isa.Available.Select(set => set.ToString().ToLowerInvariant())];

    /// <summary>The name that <see cref="Create"/> takes where none is given: the environment variable's, or the fastest.</summary>
    /// <exception cref="AteneaException">ATN0601: the variable names what is unknown or not to be had here.</exception>
    public static string DefaultName => Isa.FromEnvironment(Environment.GetEnvironmentVariable(EnvironmentVariable)).ToString().ToLowerInvariant();

    /// <summary>The name, as in <see cref="Available"/>.</summary>
    public string Name { get; }

    /// <summary>Threads that it runs on, the caller's included.</summary>
    public int Threads => Team.Size;

    internal WorkerTeam Team { get; }

    /// <summary>Creates a back end.</summary>
    /// <param name="name">One of <see cref="Available"/>; null for <see cref="DefaultName"/>.</param>
    /// <param name="threads">Threads, the caller's included; 0 for one per processor.</param>
    /// <exception cref="AteneaException">ATN0601: unknown name, or the processor lacks it.</exception>
    public static Backend Create(string? name = null, int threads = 0) => new(name ?? DefaultName, threads);

    /// <summary>Ends its threads and gives its memory back.</summary>
    public void Dispose() => Team.Dispose();
}
