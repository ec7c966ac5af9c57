using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Atenea.Tensors.Kernels;

/// <summary>The last four lanes of the fixed reduction tree, shared by every register width.</summary>
internal static class LanesTree
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector128<float> four) => (four[0] + four[2]) + (four[1] + four[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector128<float> four) => Larger(Larger(four[0], four[2]), Larger(four[1], four[3]));

    /// <summary>left &gt; right ? left : right, in every lane: the meaning of MAXPS, NaN included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Larger(Vector128<float> left, Vector128<float> right) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(left, right), left, right);

    /// <summary>left &lt; right ? left : right, in every lane: the meaning of MINPS, NaN included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Smaller(Vector128<float> left, Vector128<float> right) =>
        Vector128.ConditionalSelect(Vector128.LessThan(left, right), left, right);

    private static float Larger(float left, float right) => left > right ? left : right;
}
