using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>Element-wise arithmetic on one row.</summary>
internal static unsafe class RowKernels
{
    /// <summary>target = left + right; target may be either.</summary>
    public static void Add(float* left, float* right, float* target, int count)
    {
        switch (Isa.Current)
        {
            case InstructionSet.Avx512:
                Add<Lanes512>(left, right, target, count);
                break;
            case InstructionSet.Avx2:
                Add<Lanes256>(left, right, target, count);
                break;
            default:
                Add<LanesPortable>(left, right, target, count);
                break;
        }
    }

    /// <summary>target = left + right on one instruction set; target may be either.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<T>(float* left, float* right, float* target, int count)
        where T : struct, ILanes<T>
    {
        int i = 0;
        for (; i + 16 <= count; i += 16) (T.Load(left + i) + T.Load(right + i)).Store(target + i);
        if (i < count) (T.LoadPartial(left + i, count - i) + T.LoadPartial(right + i, count - i)).StorePartial(target + i, count - i);
    }
}
