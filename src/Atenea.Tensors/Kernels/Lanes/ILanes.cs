namespace Atenea.Tensors;

/// <summary>
/// Sixteen virtual float lanes: one 512-bit register, two of 256 bits or four of 128. A kernel written once over this interface is compiled
/// for each instruction set and gives the same bits on all of them, because lane i always does the same operations in the same order and
/// horizontal reductions follow one fixed tree (i with i+8, then i+4, i+2, i+1).
/// </summary>
/// <typeparam name="TSelf">The implementing struct.</typeparam>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Number of lanes, on every instruction set.</summary>
    const int Count = 16;

    static abstract TSelf Zero { get; }

    static abstract TSelf Broadcast(float value);

    /// <summary>The bits of <paramref name="value"/> in every lane.</summary>
    static abstract TSelf BroadcastBits(uint value);

    static abstract TSelf Load(float* source);

    /// <summary>The first <paramref name="count"/> (0 to 16) lanes from memory, zeros in the others; touches no other memory.</summary>
    static abstract TSelf LoadPartial(float* source, int count);

    void Store(float* destination);

    /// <summary>Stores the first <paramref name="count"/> (0 to 16) lanes; touches no other memory.</summary>
    void StorePartial(float* destination, int count);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>sum = a * b + sum, rounded once: <see cref="MultiplyAdd"/> in place, for sums that a loop keeps in registers.</summary>
    static abstract void Accumulate(ref TSelf sum, TSelf a, TSelf b);

    /// <summary>c - a * b, rounded once.</summary>
    static abstract TSelf NegatedMultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>left &gt; right ? left : right, so <paramref name="right"/> where either is NaN (x86 MAXPS).</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>left &lt; right ? left : right, so <paramref name="right"/> where either is NaN (x86 MINPS).</summary>
    static abstract TSelf Min(TSelf left, TSelf right);

    static abstract TSelf Sqrt(TSelf value);

    /// <summary>To the nearest integer, ties to even; |value| below 2^31.</summary>
    static abstract TSelf Round(TSelf value);

    /// <summary>2^value for integral values in [-126, 127], built from exponent bits.</summary>
    static abstract TSelf PowerOfTwo(TSelf integral);

    static abstract TSelf And(TSelf left, TSelf right);

    static abstract TSelf Or(TSelf left, TSelf right);

    static abstract TSelf Xor(TSelf left, TSelf right);

    /// <summary>Exclusive or of three: one instruction of AVX-512.</summary>
    static abstract TSelf Xor(TSelf a, TSelf b, TSelf c);

    /// <summary>All bits set in lanes where left &lt; right (false for NaN).</summary>
    static abstract TSelf Less(TSelf left, TSelf right);

    /// <summary>Lane-wise mask ? whenSet : whenClear; every mask lane is all ones or all zeros.</summary>
    static abstract TSelf Select(TSelf mask, TSelf whenSet, TSelf whenClear);

    /// <summary>The lanes as unsigned integers, shifted right.</summary>
    static abstract TSelf ShiftRight(TSelf bits, int count);

    /// <summary>The lanes as unsigned integers, shifted left.</summary>
    static abstract TSelf ShiftLeft(TSelf bits, int count);

    /// <summary>32-bit integer sum of the lanes' bits.</summary>
    static abstract TSelf AddBits(TSelf left, TSelf right);

    /// <summary>The lanes as signed 32-bit integers, converted to float.</summary>
    static abstract TSelf FromInt32(TSelf bits);

    /// <summary>
    /// The even lanes as unsigned integers times the even lanes of <paramref name="factor"/>: the low half of each 64-bit product in the
    /// even lane, the high half in the odd lane after it.
    /// </summary>
    static abstract TSelf MultiplyEven(TSelf bits, TSelf factor);

    /// <summary>The bits of every odd lane moved to the even lane before it; zeros in the odd lanes.</summary>
    static abstract TSelf OddToEven(TSelf bits);

    /// <summary>
    /// The even lanes of <paramref name="even"/>, and after each the even lane of <paramref name="odd"/> at the same place.
    /// </summary>
    static abstract TSelf Interleave(TSelf even, TSelf odd);

    /// <summary>Sum of the lanes by the fixed tree.</summary>
    float Sum();

    /// <summary>Maximum of the lanes by the fixed tree.</summary>
    float HorizontalMax();
}
