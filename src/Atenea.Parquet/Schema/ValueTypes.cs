using Atenea.Errors;

namespace Atenea.Parquet;

/// <summary>Finds what a column's values mean from its physical, converted and logical types.</summary>
/// <remarks>Source: https://github.com/apache/parquet-format/blob/master/LogicalTypes.md</remarks>
internal static class ValueTypes
{
    private const int HalfBytes = 2;
    private const int UuidBytes = 16;

    /// <summary>The longest decimal number; a 256-bit one has 32 bytes.</summary>
    public const int MostDecimalBytes = 64;

    /// <summary>The type of a schema element without children.</summary>
    /// <exception cref="DamagedException">The types do not exist or do not go together.</exception>
    public static ParquetValueType Resolve(SchemaElement element)
    {
        if (element.Type is not (>= (int)PhysicalType.Boolean and <= (int)PhysicalType.FixedLengthByteArray))
            throw Malformed($"'{element.Name}' has physical type {element.Type?.ToString() ?? "none"}, which does not exist");
        var physical = (PhysicalType)element.Type;
        if (physical == PhysicalType.FixedLengthByteArray && element.TypeLength <= 0)
            throw Malformed($"'{element.Name}' has values of {element.TypeLength} bytes");
        LogicalAnnotation? logical = element.Logical ?? FromConverted(element);
        ParquetValueType type = (logical is null ? null : FromLogical(logical, physical, element)) ?? FromPhysical(physical);
        return physical == PhysicalType.FixedLengthByteArray ? type with { FixedLength = element.TypeLength } : type;
    }

    private static ParquetValueType FromPhysical(PhysicalType physical) => physical switch
    {
        PhysicalType.Boolean => new ParquetValueType(ValueKind.Boolean, physical),
        PhysicalType.Int32 => new ParquetValueType(ValueKind.Integer, physical) { BitWidth = 32 },
        PhysicalType.Int64 => new ParquetValueType(ValueKind.Integer, physical) { BitWidth = 64 },
        PhysicalType.Int96 => new ParquetValueType(ValueKind.Timestamp, physical) { Unit = TimeUnit.Nanoseconds },
        PhysicalType.Float => new ParquetValueType(ValueKind.Single, physical),
        PhysicalType.Double => new ParquetValueType(ValueKind.Double, physical),
        _ => new ParquetValueType(ValueKind.Binary, physical),
    };

    // Null where the logical type is unknown or of another physical type: the values are then shown as they are stored.
    private static ParquetValueType? FromLogical(LogicalAnnotation logical, PhysicalType physical, SchemaElement element)
    {
        bool isBytes = physical == PhysicalType.ByteArray;
        bool isFixed = physical == PhysicalType.FixedLengthByteArray;
        bool isInteger = physical is PhysicalType.Int32 or PhysicalType.Int64;
        return logical.Kind switch
        {
            1 or 4 or 12 when isBytes || isFixed => new ParquetValueType(ValueKind.Text, physical),
            5 when isInteger || isBytes || isFixed => Decimal(logical, physical, element),
            6 when physical == PhysicalType.Int32 => new ParquetValueType(ValueKind.Date, physical),
            7 when isInteger => new ParquetValueType(ValueKind.Time, physical) { Unit = Unit(logical, element), IsUtc = logical.IsUtc },
            8 when physical == PhysicalType.Int64 =>
                new ParquetValueType(ValueKind.Timestamp, physical) { Unit = Unit(logical, element), IsUtc = logical.IsUtc },
            10 when isInteger && logical.BitWidth is 8 or 16 or 32 or 64 =>
                new ParquetValueType(ValueKind.Integer, physical) { BitWidth = logical.BitWidth, IsSigned = logical.IsSigned },
            11 => new ParquetValueType(ValueKind.Null, physical),
            14 when isFixed && element.TypeLength == UuidBytes => new ParquetValueType(ValueKind.Uuid, physical),
            15 when isFixed && element.TypeLength == HalfBytes => new ParquetValueType(ValueKind.Half, physical),
            _ => null,
        };
    }

    private static ParquetValueType Decimal(LogicalAnnotation logical, PhysicalType physical, SchemaElement element)
    {
        if (logical.Precision <= 0 || logical.Scale < 0 || logical.Scale > logical.Precision)
            throw Malformed($"'{element.Name}' is a decimal number of {logical.Precision} digits, {logical.Scale} of them decimals");
        if (element.TypeLength > MostDecimalBytes) throw Malformed($"'{element.Name}' is a decimal number of {element.TypeLength} bytes");
        return new ParquetValueType(ValueKind.Decimal, physical) { Precision = logical.Precision, Scale = logical.Scale };
    }

    private static TimeUnit Unit(LogicalAnnotation logical, SchemaElement element) => logical.Unit switch
    {
        1 => TimeUnit.Milliseconds,
        2 => TimeUnit.Microseconds,
        3 => TimeUnit.Nanoseconds,
        _ => throw Malformed($"'{element.Name}' counts time in unit {logical.Unit}, which does not exist"),
    };

    // The older types as the newer ones. Their times are in UTC by definition.
    private static LogicalAnnotation? FromConverted(SchemaElement element) => element.ConvertedType switch
    {
        0 => new LogicalAnnotation(1),
        4 => new LogicalAnnotation(4),
        5 => new LogicalAnnotation(5) { Scale = element.Scale, Precision = element.Precision },
        6 => new LogicalAnnotation(6),
        7 => new LogicalAnnotation(7) { IsUtc = true, Unit = 1 },
        8 => new LogicalAnnotation(7) { IsUtc = true, Unit = 2 },
        9 => new LogicalAnnotation(8) { IsUtc = true, Unit = 1 },
        10 => new LogicalAnnotation(8) { IsUtc = true, Unit = 2 },
        >= 11 and <= 14 => new LogicalAnnotation(10) { BitWidth = 8 << (element.ConvertedType.Value - 11) },
        >= 15 and <= 18 => new LogicalAnnotation(10) { BitWidth = 8 << (element.ConvertedType.Value - 15), IsSigned = true },
        19 => new LogicalAnnotation(12),
        _ => null,
    };

    private static DamagedException Malformed(string what) => new(Catalogue.ParquetSchemaMalformed, what);
}
