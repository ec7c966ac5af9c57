using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Atenea.Tensors;

/// <summary>
/// Sixteen lanes in four 128-bit vectors of the portable API; fused multiply-add is exact even where the processor has none.
/// </summary>
internal readonly unsafe struct LanesPortable(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    : ILanes<LanesPortable>
{
    private readonly Vector128<float> _a = a;
    private readonly Vector128<float> _b = b;
    private readonly Vector128<float> _c = c;
    private readonly Vector128<float> _d = d;

    public static LanesPortable Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Broadcast(float value)
    {
        Vector128<float> v = Vector128.Create(value);
        return new(v, v, v, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable BroadcastBits(uint value)
    {
        Vector128<float> v = Vector128.Create(value).AsSingle();
        return new(v, v, v, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Load(float* source) =>
        new(Vector128.Load(source), Vector128.Load(source + 4), Vector128.Load(source + 8), Vector128.Load(source + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable LoadPartial(float* source, int count)
    {
        float* lanes = stackalloc float[16];
        for (int i = 0; i < 16; i++) lanes[i] = i < count ? source[i] : 0f;
        return Load(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination)
    {
        _a.Store(destination);
        _b.Store(destination + 4);
        _c.Store(destination + 8);
        _d.Store(destination + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StorePartial(float* destination, int count)
    {
        float* lanes = stackalloc float[16];
        Store(lanes);
        for (int i = 0; i < count; i++) destination[i] = lanes[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable operator +(LanesPortable left, LanesPortable right) =>
        new(left._a + right._a, left._b + right._b, left._c + right._c, left._d + right._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable operator -(LanesPortable left, LanesPortable right) =>
        new(left._a - right._a, left._b - right._b, left._c - right._c, left._d - right._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable operator *(LanesPortable left, LanesPortable right) =>
        new(left._a * right._a, left._b * right._b, left._c * right._c, left._d * right._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable operator /(LanesPortable left, LanesPortable right) =>
        new(left._a / right._a, left._b / right._b, left._c / right._c, left._d / right._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable MultiplyAdd(LanesPortable a, LanesPortable b, LanesPortable c) => new(
        Vector128.FusedMultiplyAdd(a._a, b._a, c._a),
        Vector128.FusedMultiplyAdd(a._b, b._b, c._b),
        Vector128.FusedMultiplyAdd(a._c, b._c, c._c),
        Vector128.FusedMultiplyAdd(a._d, b._d, c._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref LanesPortable sum, LanesPortable a, LanesPortable b) => sum = MultiplyAdd(a, b, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable NegatedMultiplyAdd(LanesPortable a, LanesPortable b, LanesPortable c) => new(
        Vector128.FusedMultiplyAdd(-a._a, b._a, c._a),
        Vector128.FusedMultiplyAdd(-a._b, b._b, c._b),
        Vector128.FusedMultiplyAdd(-a._c, b._c, c._c),
        Vector128.FusedMultiplyAdd(-a._d, b._d, c._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Max(LanesPortable left, LanesPortable right) => new(
        LanesTree.Larger(left._a, right._a),
        LanesTree.Larger(left._b, right._b),
        LanesTree.Larger(left._c, right._c),
        LanesTree.Larger(left._d, right._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Min(LanesPortable left, LanesPortable right) => new(
        LanesTree.Smaller(left._a, right._a),
        LanesTree.Smaller(left._b, right._b),
        LanesTree.Smaller(left._c, right._c),
        LanesTree.Smaller(left._d, right._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Sqrt(LanesPortable value) => new(
        Vector128.Sqrt(value._a),
        Vector128.Sqrt(value._b),
        Vector128.Sqrt(value._c),
        Vector128.Sqrt(value._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Round(LanesPortable value) => new(
        Vector128.Round(value._a),
        Vector128.Round(value._b),
        Vector128.Round(value._c),
        Vector128.Round(value._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable PowerOfTwo(LanesPortable integral) =>
        new(Power(integral._a), Power(integral._b), Power(integral._c), Power(integral._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable And(LanesPortable left, LanesPortable right) =>
        new(left._a & right._a, left._b & right._b, left._c & right._c, left._d & right._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Or(LanesPortable left, LanesPortable right) =>
        new(left._a | right._a, left._b | right._b, left._c | right._c, left._d | right._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Xor(LanesPortable left, LanesPortable right) =>
        new(left._a ^ right._a, left._b ^ right._b, left._c ^ right._c, left._d ^ right._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Xor(LanesPortable a, LanesPortable b, LanesPortable c) =>
        new(a._a ^ b._a ^ c._a, a._b ^ b._b ^ c._b, a._c ^ b._c ^ c._c, a._d ^ b._d ^ c._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Less(LanesPortable left, LanesPortable right) => new(
        Vector128.LessThan(left._a, right._a),
        Vector128.LessThan(left._b, right._b),
        Vector128.LessThan(left._c, right._c),
        Vector128.LessThan(left._d, right._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Select(LanesPortable mask, LanesPortable whenSet, LanesPortable whenClear) => new(
        Vector128.ConditionalSelect(mask._a, whenSet._a, whenClear._a),
        Vector128.ConditionalSelect(mask._b, whenSet._b, whenClear._b),
        Vector128.ConditionalSelect(mask._c, whenSet._c, whenClear._c),
        Vector128.ConditionalSelect(mask._d, whenSet._d, whenClear._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable ShiftRight(LanesPortable bits, int count) => new(
        Vector128.ShiftRightLogical(bits._a.AsUInt32(), count).AsSingle(),
        Vector128.ShiftRightLogical(bits._b.AsUInt32(), count).AsSingle(),
        Vector128.ShiftRightLogical(bits._c.AsUInt32(), count).AsSingle(),
        Vector128.ShiftRightLogical(bits._d.AsUInt32(), count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable ShiftLeft(LanesPortable bits, int count) => new(
        Vector128.ShiftLeft(bits._a.AsUInt32(), count).AsSingle(),
        Vector128.ShiftLeft(bits._b.AsUInt32(), count).AsSingle(),
        Vector128.ShiftLeft(bits._c.AsUInt32(), count).AsSingle(),
        Vector128.ShiftLeft(bits._d.AsUInt32(), count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable AddBits(LanesPortable left, LanesPortable right) => new(
        (left._a.AsUInt32() + right._a.AsUInt32()).AsSingle(),
        (left._b.AsUInt32() + right._b.AsUInt32()).AsSingle(),
        (left._c.AsUInt32() + right._c.AsUInt32()).AsSingle(),
        (left._d.AsUInt32() + right._d.AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable FromInt32(LanesPortable bits) => new(
        Vector128.ConvertToSingle(bits._a.AsInt32()),
        Vector128.ConvertToSingle(bits._b.AsInt32()),
        Vector128.ConvertToSingle(bits._c.AsInt32()),
        Vector128.ConvertToSingle(bits._d.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable MultiplyEven(LanesPortable bits, LanesPortable factor) => new(
        Product(bits._a, factor._a), Product(bits._b, factor._b), Product(bits._c, factor._c), Product(bits._d, factor._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable OddToEven(LanesPortable bits) => new(
        Vector128.ShiftRightLogical(bits._a.AsUInt64(), 32).AsSingle(),
        Vector128.ShiftRightLogical(bits._b.AsUInt64(), 32).AsSingle(),
        Vector128.ShiftRightLogical(bits._c.AsUInt64(), 32).AsSingle(),
        Vector128.ShiftRightLogical(bits._d.AsUInt64(), 32).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Interleave(LanesPortable even, LanesPortable odd) => new(
        Pair(even._a, odd._a), Pair(even._b, odd._b), Pair(even._c, odd._c), Pair(even._d, odd._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum() => LanesTree.Sum((_a + _c) + (_b + _d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float HorizontalMax() => LanesTree.Max(LanesTree.Larger(LanesTree.Larger(_a, _c), LanesTree.Larger(_b, _d)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Power(Vector128<float> integral) =>
        Vector128.ShiftLeft(Vector128.ConvertToInt32(integral) + Vector128.Create(127), 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Product(Vector128<float> bits, Vector128<float> factor)
    {
        Vector128<ulong> low = Vector128.Create(0x00000000FFFFFFFFUL);
        return ((bits.AsUInt64() & low) * (factor.AsUInt64() & low)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Pair(Vector128<float> even, Vector128<float> odd) => Vector128.ConditionalSelect(
        Vector128.Create(0x00000000FFFFFFFFUL).AsSingle(), even, Vector128.ShiftLeft(odd.AsUInt64(), 32).AsSingle());
}
