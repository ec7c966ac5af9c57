using System.Runtime.Intrinsics.X86;
using Atenea.Errors;

namespace Atenea.Tensors;

/// <summary>The instruction sets that kernels are written for. All give the same bits.</summary>
public enum InstructionSet
{
    /// <summary>128-bit vectors and scalar code through the runtime's portable API; runs everywhere, ARM64 included.</summary>
    Portable,

    /// <summary>256-bit AVX2 with FMA.</summary>
    Avx2,

    /// <summary>512-bit AVX-512 (F, BW, DQ, VL).</summary>
    Avx512,
}

/// <summary>
/// Chooses the instruction set once, at start: the best that the processor has, or the one named by the environment
/// variable <c>ATENEA_ISA</c> (<c>portable</c>, <c>avx2</c>, <c>avx512</c>).
/// </summary>
public static class Isa
{
    /// <summary>The environment variable that forces a path.</summary>
    public const string EnvironmentVariable = "ATENEA_ISA";

    /// <summary>What this processor can run, slowest first.</summary>
    public static IReadOnlyList<InstructionSet> Available { get; } = Detect();

    /// <summary>The path that kernels take.</summary>
    public static InstructionSet Current { get; private set; } = FromEnvironment(Environment.GetEnvironmentVariable(EnvironmentVariable));

    /// <summary>Forces a path for the whole process: for tests and benchmarks that walk through every path.</summary>
    /// <param name="set">A member of <see cref="Available"/>.</param>
    /// <exception cref="AteneaException">ATN0601: the processor lacks it.</exception>
    public static void Force(InstructionSet set) => Current = Check(set);

    /// <summary>Parses the value of <c>ATENEA_ISA</c>; null or empty means the best available.</summary>
    /// <exception cref="AteneaException">ATN0601: unknown name, or the processor lacks it.</exception>
    internal static InstructionSet FromEnvironment(string? value) => value?.Trim().ToLowerInvariant() switch
    {
        null or "" => Available[^1],
        "portable" => InstructionSet.Portable,
        "avx2" => Check(InstructionSet.Avx2),
        "avx512" => Check(InstructionSet.Avx512),
        _ => throw new AteneaException(Catalogue.InstructionSetUnavailable, $"'{value}' is not one of portable, avx2, avx512", EnvironmentVariable),
    };

    private static InstructionSet Check(InstructionSet set) => Available.Contains(set)
        ? set
        : throw new AteneaException(Catalogue.InstructionSetUnavailable, $"this processor has no {set}", EnvironmentVariable);

    private static List<InstructionSet> Detect()
    {
        List<InstructionSet> sets = [InstructionSet.Portable];
        if (Avx2.IsSupported && Fma.IsSupported) sets.Add(InstructionSet.Avx2);
        if (Avx512F.IsSupported && Avx512F.VL.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported) sets.Add(InstructionSet.Avx512);
        return sets;
    }
}
