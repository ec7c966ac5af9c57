using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Atenea.Hub;

/// <summary>
/// Conversions between the stored float types and single precision. Widening F16 and BF16 is exact for every bit pattern; narrowing rounds
/// to nearest, ties to even, like PyTorch. Source addresses need no alignment: a safetensors header may have any length.
/// </summary>
internal static unsafe class FloatConversion
{
    /// <summary>Reads <paramref name="count"/> elements of <paramref name="type"/> (F16, BF16, F32 or F64).</summary>
    public static void ToSingle(StorageType type, byte* source, float* destination, long count)
    {
        switch (type)
        {
            case StorageType.F32:
                Buffer.MemoryCopy(source, destination, count * sizeof(float), count * sizeof(float));
                break;
            case StorageType.F16:
                WidenHalf((ushort*)source, destination, count);
                break;
            case StorageType.BF16:
                WidenBrain((ushort*)source, destination, count);
                break;
            case StorageType.F64:
                for (long i = 0; i < count; i++) destination[i] = (float)Unsafe.ReadUnaligned<double>(source + (i * sizeof(double)));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "not a float type");
        }
    }

    /// <summary>Stores <paramref name="count"/> singles as <paramref name="type"/> (F16, BF16 or F32).</summary>
    public static void FromSingle(StorageType type, float* source, byte* destination, long count)
    {
        switch (type)
        {
            case StorageType.F32:
                Buffer.MemoryCopy(source, destination, count * sizeof(float), count * sizeof(float));
                break;
            case StorageType.F16:
                for (long i = 0; i < count; i++)
                    ((ushort*)destination)[i] = BitConverter.HalfToUInt16Bits((Half)source[i]);
                break;
            case StorageType.BF16:
                for (long i = 0; i < count; i++)
                    ((ushort*)destination)[i] = ToBrain(BitConverter.SingleToUInt32Bits(source[i]));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "not a float type that is written");
        }
    }

    /// <summary>Rounds the bits of a single to its upper half; a NaN stays one even if its payload was in the lower half only.</summary>
    private static ushort ToBrain(uint bits)
    {
        if ((bits & 0x7fffffff) > 0x7f800000) return 0x7fc0;
        return (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    private static void WidenBrain(ushort* source, float* destination, long count)
    {
        long i = 0;
        for (; i + Vector256<ushort>.Count <= count; i += Vector256<ushort>.Count)
        {
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.Load(source + i));
            Vector256.Store(low << 16, (uint*)destination + i);
            Vector256.Store(high << 16, (uint*)destination + i + 8);
        }

        for (; i < count; i++)
            ((uint*)destination)[i] = (uint)Unsafe.ReadUnaligned<ushort>(source + i) << 16;
    }

    private static void WidenHalf(ushort* source, float* destination, long count)
    {
        long i = 0;
        for (; i + Vector256<ushort>.Count <= count; i += Vector256<ushort>.Count)
        {
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.Load(source + i));
            Vector256.Store(WidenHalf(low), destination + i);
            Vector256.Store(WidenHalf(high), destination + i + 8);
        }

        for (; i < count; i++)
            destination[i] = WidenHalf(Vector256.Create((uint)Unsafe.ReadUnaligned<ushort>(source + i))).ToScalar();
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
}
