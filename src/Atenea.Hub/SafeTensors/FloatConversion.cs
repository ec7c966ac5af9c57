using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Atenea.Hub;

/// <summary>
/// Conversions between the stored float types and single precision. Widening F16 and BF16 is exact for every bit pattern; narrowing rounds
/// to nearest, ties to even, like PyTorch.
/// </summary>
internal static class FloatConversion
{
    private const int Step = 16; // Elements per turn: one 256-bit vector of 16-bit elements, two of singles.

    /// <summary>Reads as many elements of <paramref name="type"/> (F16, BF16, F32 or F64) as the destination has room for.</summary>
    public static void ToSingle(StorageType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        switch (type)
        {
            case StorageType.F32:
                MemoryMarshal.Cast<byte, float>(source)[..destination.Length].CopyTo(destination);
                break;
            case StorageType.F16:
                WidenHalf(MemoryMarshal.Cast<byte, ushort>(source), destination);
                break;
            case StorageType.BF16:
                WidenBrain(MemoryMarshal.Cast<byte, ushort>(source), MemoryMarshal.Cast<float, uint>(destination));
                break;
            case StorageType.F64:
                NarrowDouble(MemoryMarshal.Cast<byte, double>(source), destination);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "not a float type");
        }
    }

    /// <summary>Stores singles as <paramref name="type"/> (F16 or BF16).</summary>
    /// <returns>The bytes of the destination that were written.</returns>
    public static ReadOnlySpan<byte> FromSingle(StorageType type, ReadOnlySpan<float> source, Span<byte> destination)
    {
        Span<ushort> stored = MemoryMarshal.Cast<byte, ushort>(destination)[..source.Length];
        switch (type)
        {
            case StorageType.F16:
                for (int i = 0; i < source.Length; i++) stored[i] = BitConverter.HalfToUInt16Bits((Half)source[i]);
                break;
            case StorageType.BF16:
                for (int i = 0; i < source.Length; i++) stored[i] = ToBrain(BitConverter.SingleToUInt32Bits(source[i]));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "not a float type that singles are narrowed to");
        }

        return MemoryMarshal.AsBytes(stored);
    }

    /// <summary>Rounds the bits of a single to its upper half; a NaN stays one even if its payload was in the lower half only.</summary>
    private static ushort ToBrain(uint bits)
    {
        if ((bits & 0x7fffffff) > 0x7f800000) return 0x7fc0;
        return (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    private static void WidenBrain(ReadOnlySpan<ushort> source, Span<uint> destination)
    {
        int i = 0;
        for (; i <= destination.Length - Step; i += Step)
        {
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.Create(source[i..]));
            (low << 16).CopyTo(destination[i..]);
            (high << 16).CopyTo(destination[(i + 8)..]);
        }

        for (; i < destination.Length; i++) destination[i] = (uint)source[i] << 16;
    }

    private static void WidenHalf(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        int i = 0;
        for (; i <= destination.Length - Step; i += Step)
        {
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.Create(source[i..]));
            WidenHalf(low).CopyTo(destination[i..]);
            WidenHalf(high).CopyTo(destination[(i + 8)..]);
        }

        for (; i < destination.Length; i++) destination[i] = WidenHalf(Vector256.CreateScalar((uint)source[i])).ToScalar();
    }

    /// <summary>
    /// Moves exponent and mantissa into place and multiplies by 2^112, the difference of the exponent biases: exact, subnormals included,
    /// because every half is a normal single. Infinities and NaNs get the single's top exponent instead.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> WidenHalf(Vector256<uint> bits)
    {
        Vector256<uint> sign = (bits & Vector256.Create(0x8000u)) << 16;
        Vector256<uint> magnitude = (bits & Vector256.Create(0x7fffu)) << 13;
        Vector256<uint> finite = (magnitude.AsSingle() * Vector256.Create(BitConverter.UInt32BitsToSingle(0x77800000))).AsUInt32();
        Vector256<uint> special = magnitude | Vector256.Create(0x7f800000u);
        Vector256<uint> isSpecial = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(0x0f800000u));
        return (Vector256.ConditionalSelect(isSpecial, special, finite) | sign).AsSingle();
    }

    private static void NarrowDouble(ReadOnlySpan<double> source, Span<float> destination)
    {
        int i = 0;
        for (; i <= destination.Length - 8; i += 8)
            Vector256.Narrow(Vector256.Create(source[i..]), Vector256.Create(source[(i + 4)..])).CopyTo(destination[i..]);
        for (; i < destination.Length; i++) destination[i] = (float)source[i];
    }
}
