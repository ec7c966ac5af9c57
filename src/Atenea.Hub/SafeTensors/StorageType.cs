using System.Collections.Frozen;

namespace Atenea.Hub;

/// <summary>
/// How a safetensors file stores a tensor's elements. The order is the reference library's own (by alignment, then by age of the type):
/// the writer lays tensors out in descending order of it, so files come out byte for byte like Python's.
/// </summary>
public enum StorageType
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,

    /// <summary>4-bit float, two to a byte.</summary>
    F4,

    /// <summary>6-bit float with 2 exponent and 3 mantissa bits.</summary>
    F6E2M3,

    /// <summary>6-bit float with 3 exponent and 2 mantissa bits.</summary>
    F6E3M2,

    /// <summary>Unsigned 8-bit integer.</summary>
    U8,

    /// <summary>Signed 8-bit integer.</summary>
    I8,

    /// <summary>8-bit float with 5 exponent and 2 mantissa bits.</summary>
    F8E5M2,

    /// <summary>8-bit float with 4 exponent and 3 mantissa bits.</summary>
    F8E4M3,

    /// <summary>8-bit exponent alone (a scale).</summary>
    F8E8M0,

    /// <summary>8-bit float with 4 exponent and 3 mantissa bits, without negative zero and infinities.</summary>
    F8E4M3Fnuz,

    /// <summary>8-bit float with 5 exponent and 2 mantissa bits, without negative zero and infinities.</summary>
    F8E5M2Fnuz,

    /// <summary>Signed 16-bit integer.</summary>
    I16,

    /// <summary>Unsigned 16-bit integer.</summary>
    U16,

    /// <summary>IEEE 754 half precision.</summary>
    F16,

    /// <summary>The upper half of an IEEE 754 single.</summary>
    BF16,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>Unsigned 32-bit integer.</summary>
    U32,

    /// <summary>IEEE 754 single precision.</summary>
    F32,

    /// <summary>Complex number of two singles.</summary>
    C64,

    /// <summary>IEEE 754 double precision.</summary>
    F64,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>Unsigned 64-bit integer.</summary>
    U64,
}

/// <summary>Names and sizes of the <see cref="StorageType"/> values.</summary>
public static class StorageTypes
{
    private static readonly string[] Names =
    [
        "BOOL", "F4", "F6_E2M3", "F6_E3M2", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ",
        "I16", "U16", "F16", "BF16", "I32", "U32", "F32", "C64", "F64", "I64", "U64",
    ];

    private static readonly FrozenDictionary<string, StorageType> ByName =
        Names.Select((name, index) => (name, index)).ToFrozenDictionary(x => x.name, x => (StorageType)x.index, StringComparer.Ordinal);

    /// <summary>The name that a safetensors header uses, for example <c>BF16</c>.</summary>
    public static string Name(this StorageType type) => Names[(int)type];

    /// <summary>Size of one element in bits.</summary>
    public static int Bits(this StorageType type) => type switch
    {
        StorageType.F4 => 4,
        StorageType.F6E2M3 or StorageType.F6E3M2 => 6,
        < StorageType.I16 => 8,
        < StorageType.I32 => 16,
        < StorageType.C64 => 32,
        _ => 64,
    };

    /// <summary>Whether <see cref="ITensorSource.CopyTo"/> reads this type: F16, BF16, F32, F64.</summary>
    public static bool IsFloat(this StorageType type) =>
        type is StorageType.F16 or StorageType.BF16 or StorageType.F32 or StorageType.F64;

    /// <summary>Whether <see cref="SafeTensorsFile.ReadInt64"/> reads this type: booleans and whole numbers of any width.</summary>
    public static bool IsInteger(this StorageType type) => type is StorageType.Bool or StorageType.U8 or StorageType.I8 or StorageType.I16
        or StorageType.U16 or StorageType.I32 or StorageType.U32 or StorageType.I64 or StorageType.U64;

    /// <summary>Finds the type of a header's name (upper case, as written in files).</summary>
    public static bool TryParse(string name, out StorageType type) => ByName.TryGetValue(name, out type);
}
