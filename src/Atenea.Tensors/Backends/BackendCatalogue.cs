using System.Runtime.Intrinsics.X86;
using Atenea.Errors;

namespace Atenea.Tensors;

/// <summary>The one place that knows which back ends there are.</summary>
internal static class BackendCatalogue
{
    private const string Portable = "portable", Avx2Name = "avx2", Avx512Name = "avx512";

    /// <summary>All back ends, slowest first; the first runs everywhere.</summary>
    public static IReadOnlyList<Entry> Entries { get; } =
    [
        new(Portable, true, threads => new CpuBackend<LanesPortable>(Portable, threads)),
        new(Avx2Name, Avx2.IsSupported && Fma.IsSupported, threads => new CpuBackend<Lanes256>(Avx2Name, threads)),
        new(Avx512Name, Avx512F.IsSupported && Avx512F.VL.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported,
            threads => new CpuBackend<Lanes512>(Avx512Name, threads)),
    ];

    /// <summary>The back end of a name; null or empty means the fastest that the machine has.</summary>
    /// <exception cref="AteneaException">ATN0601: unknown name, or the machine lacks it.</exception>
    public static Entry Find(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return Entries.Last(entry => entry.IsSupported);
        string wanted = name.Trim();
        Entry? found = Entries.FirstOrDefault(entry => entry.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase));
        if (found is { IsSupported: true }) return found;
        string what = found is null
            ? $"'{name}' is not one of {string.Join(", ", Entries.Select(entry => entry.Name))}"
            : $"this processor has no {found.Name}";
        throw new AteneaException(Catalogue.InstructionSetUnavailable, what, Backend.EnvironmentVariable);
    }

    /// <summary>One back end.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="IsSupported">Whether this machine can run it.</param>
    /// <param name="Create">Makes one with so many threads; 0 for one per processor.</param>
    internal sealed record Entry(string Name, bool IsSupported, Func<int, Backend> Create);
}
