using Atenea.Errors;

namespace Atenea.Parquet;

/// <summary>Reads the structures of the footer.</summary>
/// <remarks>Source: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift</remarks>
internal static class FooterParser
{
    /// <summary>Reads FileMetaData.</summary>
    /// <param name="footer">The bytes between the last page and the footer's length.</param>
    /// <exception cref="DamagedException">They are not what the format asks for.</exception>
    public static FileMetadata Parse(ReadOnlySpan<byte> footer)
    {
        var reader = new ThriftReader(footer);
        SchemaElement[]? schema = null;
        long? rows = null;
        RowGroup[]? groups = null;
        List<KeyValuePair<string, string>> keyValues = [];
        string? createdBy = null;
        int field = 0;
        while (reader.ReadField(ref field, out ThriftType type))
        {
            switch (field)
            {
                case 2:
                    ThriftReader.Expect(type, ThriftType.List);
                    schema = new SchemaElement[reader.ReadList(ThriftType.Struct)];
                    for (int i = 0; i < schema.Length; i++) schema[i] = ReadSchemaElement(ref reader);
                    break;
                case 3:
                    ThriftReader.Expect(type, ThriftType.Int64);
                    rows = reader.ReadInt64();
                    break;
                case 4:
                    ThriftReader.Expect(type, ThriftType.List);
                    groups = new RowGroup[reader.ReadList(ThriftType.Struct)];
                    for (int i = 0; i < groups.Length; i++) groups[i] = ReadRowGroup(ref reader);
                    break;
                case 5:
                    ThriftReader.Expect(type, ThriftType.List);
                    for (int n = reader.ReadList(ThriftType.Struct); n > 0; n--) keyValues.Add(ReadKeyValue(ref reader));
                    break;
                case 6:
                    ThriftReader.Expect(type, ThriftType.Binary);
                    createdBy = reader.ReadString();
                    break;
                case 8:
                    throw new DamagedException(Catalogue.ParquetEncrypted, "its columns are encrypted");
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (schema is null || rows is null || groups is null)
            throw new DamagedException(Catalogue.ParquetFooterMalformed, "it lacks the schema, the row count or the row groups");
        return new FileMetadata(schema, rows.Value, groups, keyValues, createdBy);
    }

    private static SchemaElement ReadSchemaElement(ref ThriftReader reader)
    {
        var element = new SchemaElement();
        int field = 0;
        while (reader.ReadField(ref field, out ThriftType type))
        {
            switch (field, type)
            {
                case (1, ThriftType.Int32): element = element with { Type = reader.ReadInt32() }; break;
                case (2, ThriftType.Int32): element = element with { TypeLength = reader.ReadInt32() }; break;
                case (3, ThriftType.Int32): element = element with { Repetition = reader.ReadInt32() }; break;
                case (4, ThriftType.Binary): element = element with { Name = reader.ReadString() }; break;
                case (5, ThriftType.Int32): element = element with { ChildCount = reader.ReadInt32() }; break;
                case (6, ThriftType.Int32): element = element with { ConvertedType = reader.ReadInt32() }; break;
                case (7, ThriftType.Int32): element = element with { Scale = reader.ReadInt32() }; break;
                case (8, ThriftType.Int32): element = element with { Precision = reader.ReadInt32() }; break;
                case (10, ThriftType.Struct): element = element with { Logical = ReadLogicalType(ref reader) }; break;
                case ( >= 1 and <= 8 or 10, _): throw WrongType(field, type, "a schema element");
                default: reader.Skip(type); break;
            }
        }

        return element;
    }

    private static LogicalAnnotation? ReadLogicalType(ref ThriftReader reader)
    {
        LogicalAnnotation? annotation = null;
        int field = 0;
        while (reader.ReadField(ref field, out ThriftType type))
        {
            ThriftReader.Expect(type, ThriftType.Struct);
            annotation = field switch
            {
                5 => ReadDecimal(ref reader),
                7 or 8 => ReadTime(ref reader, field),
                10 => ReadInteger(ref reader),
                _ => ReadEmpty(ref reader, field),
            };
        }

        return annotation;
    }

    private static LogicalAnnotation ReadEmpty(ref ThriftReader reader, int kind)
    {
        reader.Skip(ThriftType.Struct);
        return new LogicalAnnotation(kind);
    }

    private static LogicalAnnotation ReadDecimal(ref ThriftReader reader)
    {
        int scale = 0, precision = 0, field = 0;
        while (reader.ReadField(ref field, out ThriftType type))
        {
            switch (field, type)
            {
                case (1, ThriftType.Int32): scale = reader.ReadInt32(); break;
                case (2, ThriftType.Int32): precision = reader.ReadInt32(); break;
                default: reader.Skip(type); break;
            }
        }

        return new LogicalAnnotation(5) { Scale = scale, Precision = precision };
    }

    private static LogicalAnnotation ReadTime(ref ThriftReader reader, int kind)
    {
        bool utc = false;
        int unit = 0, field = 0;
        while (reader.ReadField(ref field, out ThriftType type))
        {
            switch (field, type)
            {
                case (1, _):
                    utc = ThriftReader.IsTrue(type);
                    break;
                case (2, ThriftType.Struct):
                    int unitField = 0;
                    while (reader.ReadField(ref unitField, out ThriftType unitType))
                    {
                        unit = unitField;
                        reader.Skip(unitType);
                    }

                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return new LogicalAnnotation(kind) { IsUtc = utc, Unit = unit };
    }

    private static LogicalAnnotation ReadInteger(ref ThriftReader reader)
    {
        int width = 0, field = 0;
        bool signed = false;
        while (reader.ReadField(ref field, out ThriftType type))
        {
            switch (field, type)
            {
                case (1, ThriftType.Byte): width = reader.ReadSignedByte(); break;
                case (2, _): signed = ThriftReader.IsTrue(type); break;
                default: reader.Skip(type); break;
            }
        }

        return new LogicalAnnotation(10) { BitWidth = width, IsSigned = signed };
    }

    private static RowGroup ReadRowGroup(ref ThriftReader reader)
    {
        ColumnChunk[] columns = [];
        long rows = -1;
        int field = 0;
        while (reader.ReadField(ref field, out ThriftType type))
        {
            switch (field, type)
            {
                case (1, ThriftType.List):
                    columns = new ColumnChunk[reader.ReadList(ThriftType.Struct)];
                    for (int i = 0; i < columns.Length; i++) columns[i] = ReadColumnChunk(ref reader);
                    break;
                case (3, ThriftType.Int64):
                    rows = reader.ReadInt64();
                    break;
                case (1 or 3, _):
                    throw WrongType(field, type, "a row group");
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return new RowGroup(columns, rows);
    }

    private static ColumnChunk ReadColumnChunk(ref ThriftReader reader)
    {
        var chunk = new ColumnChunk();
        int field = 0;
        while (reader.ReadField(ref field, out ThriftType type))
        {
            switch (field, type)
            {
                case (1, ThriftType.Binary): chunk = chunk with { FilePath = reader.ReadString() }; break;
                case (3, ThriftType.Struct): chunk = ReadColumnMetadata(ref reader, chunk); break;
                case (8 or 9, _): chunk = chunk with { IsEncrypted = true }; reader.Skip(type); break;
                default: reader.Skip(type); break;
            }
        }

        return chunk;
    }

    private static ColumnChunk ReadColumnMetadata(ref ThriftReader reader, ColumnChunk chunk)
    {
        chunk = chunk with { HasMetadata = true, Type = -1, Codec = -1, ValueCount = -1 };
        int field = 0;
        while (reader.ReadField(ref field, out ThriftType type))
        {
            switch (field, type)
            {
                case (1, ThriftType.Int32): chunk = chunk with { Type = reader.ReadInt32() }; break;
                case (4, ThriftType.Int32): chunk = chunk with { Codec = reader.ReadInt32() }; break;
                case (5, ThriftType.Int64): chunk = chunk with { ValueCount = reader.ReadInt64() }; break;
                case (6, ThriftType.Int64): chunk = chunk with { UncompressedSize = reader.ReadInt64() }; break;
                case (7, ThriftType.Int64): chunk = chunk with { CompressedSize = reader.ReadInt64() }; break;
                case (9, ThriftType.Int64): chunk = chunk with { DataPageOffset = reader.ReadInt64() }; break;
                case (11, ThriftType.Int64): chunk = chunk with { DictionaryPageOffset = reader.ReadInt64() }; break;
                case (1 or 4 or 5 or 6 or 7 or 9 or 11, _): throw WrongType(field, type, "a column's metadata");
                default: reader.Skip(type); break;
            }
        }

        return chunk;
    }

    private static KeyValuePair<string, string> ReadKeyValue(ref ThriftReader reader)
    {
        string key = "", value = "";
        int field = 0;
        while (reader.ReadField(ref field, out ThriftType type))
        {
            switch (field, type)
            {
                case (1, ThriftType.Binary): key = reader.ReadString(); break;
                case (2, ThriftType.Binary): value = reader.ReadString(); break;
                default: reader.Skip(type); break;
            }
        }

        return new KeyValuePair<string, string>(key, value);
    }

    private static DamagedException WrongType(int field, ThriftType type, string structure) =>
        new(Catalogue.ParquetFooterMalformed, $"field {field} of {structure} holds {type}");
}
