using System.Globalization;

namespace Atenea.Parquet;

/// <summary>What a column's values mean.</summary>
public enum ValueKind
{
    /// <summary>Bytes without a meaning of their own (BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY, BSON, INTERVAL).</summary>
    Binary,

    /// <summary>Truth values.</summary>
    Boolean,

    /// <summary>Integers of 8 to 64 bits, signed or not.</summary>
    Integer,

    /// <summary>IEEE 754, 16 bits.</summary>
    Half,

    /// <summary>IEEE 754, 32 bits.</summary>
    Single,

    /// <summary>IEEE 754, 64 bits.</summary>
    Double,

    /// <summary>UTF-8 text; also the types ENUM and JSON.</summary>
    Text,

    /// <summary>A UUID.</summary>
    Uuid,

    /// <summary>A decimal number: an integer and a count of decimals.</summary>
    Decimal,

    /// <summary>Days since 1970-01-01.</summary>
    Date,

    /// <summary>A time of day.</summary>
    Time,

    /// <summary>A point in time, in UTC or on a local clock.</summary>
    Timestamp,

    /// <summary>No values but null.</summary>
    Null,
}

/// <summary>The resolution of times.</summary>
public enum TimeUnit
{
    /// <summary>Thousandths of a second.</summary>
    Milliseconds,

    /// <summary>Millionths of a second.</summary>
    Microseconds,

    /// <summary>Billionths of a second.</summary>
    Nanoseconds,
}

/// <summary>The type of a column without children: how its values are stored and what they mean.</summary>
/// <param name="Kind">What they mean.</param>
/// <param name="Physical">How they are stored.</param>
public sealed record ParquetValueType(ValueKind Kind, PhysicalType Physical)
{
    /// <summary>Bytes of a fixed-length value; zero for the other physical types.</summary>
    public int FixedLength { get; init; }

    /// <summary>Bits of an integer.</summary>
    public int BitWidth { get; init; }

    /// <summary>Whether an integer is signed. Unsigned ones are stored in the signed physical type, bit for bit.</summary>
    public bool IsSigned { get; init; } = true;

    /// <summary>Digits of a decimal number.</summary>
    public int Precision { get; init; }

    /// <summary>Decimals of a decimal number.</summary>
    public int Scale { get; init; }

    /// <summary>The resolution of times.</summary>
    public TimeUnit Unit { get; init; }

    /// <summary>Whether time stamps are instants in UTC, and not readings of a local clock.</summary>
    public bool IsUtc { get; init; }

    /// <summary>The type's name as Arrow has it: <c>string</c>, <c>int64</c>, <c>timestamp[us, tz=UTC]</c>.</summary>
    public override string ToString() => Kind switch
    {
        ValueKind.Binary when Physical == PhysicalType.FixedLengthByteArray => Invariant($"fixed_size_binary[{FixedLength}]"),
        ValueKind.Binary => "binary",
        ValueKind.Boolean => "bool",
        ValueKind.Integer => Invariant($"{(IsSigned ? "" : "u")}int{BitWidth}"),
        ValueKind.Half => "halffloat",
        ValueKind.Single => "float",
        ValueKind.Double => "double",
        ValueKind.Text => "string",
        ValueKind.Uuid => "uuid",
        ValueKind.Decimal => Invariant($"decimal128({Precision}, {Scale})"),
        ValueKind.Date => "date32[day]",
        ValueKind.Time => Invariant($"time{(Unit == TimeUnit.Milliseconds ? 32 : 64)}[{UnitName}]"),
        ValueKind.Timestamp => $"timestamp[{UnitName}{(IsUtc ? ", tz=UTC" : "")}]",
        _ => "null",
    };

    private string UnitName => Unit switch { TimeUnit.Milliseconds => "ms", TimeUnit.Microseconds => "us", _ => "ns" };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
