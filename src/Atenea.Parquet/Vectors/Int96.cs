using System.Runtime.InteropServices;

namespace Atenea.Parquet;

/// <summary>The deprecated time stamp of 96 bits, as it is stored.</summary>
/// <param name="Nanoseconds">Nanoseconds within the day.</param>
/// <param name="JulianDay">The day; 2440588 is 1970-01-01.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct Int96(long Nanoseconds, int JulianDay);
