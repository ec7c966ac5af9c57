using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atenea.Tensors;

/// <summary>What the last, incomplete lanes of a row need.</summary>
internal static unsafe class LaneTail<T>
    where T : struct, ILanes<T>
{
    private static ReadOnlySpan<uint> Bits =>
    [
        uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue,
        uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>All bits set in the first <paramref name="count"/> (0 to 16) lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Mask(int count) =>
        T.Load((float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Bits)) + (16 - count)); // data of the assembly: never moved

    /// <summary>The first <paramref name="count"/> lanes from memory, <paramref name="fill"/> in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load(float* source, int count, T fill) => T.Select(Mask(count), T.LoadPartial(source, count), fill);
}
