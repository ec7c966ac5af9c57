using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Atenea.Tensors;

/// <summary>The last four lanes of the fixed reduction tree, shared by every register width.</summary>
internal static class LanesTree
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector128<float> four) => (four[0] + four[2]) + (four[1] + four[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector128<float> four)
    {
        // In vectors: scalar comparisons would become branches that cannot be predicted.
        Vector128<float> two = Larger(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 2, 3)));
        return Larger(two, Vector128.Shuffle(two, Vector128.Create(1, 1, 1, 1))).ToScalar();
    }

    /// <summary>left &gt; right ? left : right, in every lane: the meaning of MAXPS, NaN included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Larger(Vector128<float> left, Vector128<float> right) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(left, right), left, right);

    /// <summary>left &lt; right ? left : right, in every lane: the meaning of MINPS, NaN included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Smaller(Vector128<float> left, Vector128<float> right) =>
        Vector128.ConditionalSelect(Vector128.LessThan(left, right), left, right);
}
