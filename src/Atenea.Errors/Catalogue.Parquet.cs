namespace Atenea.Errors;

public static partial class Catalogue
{
    /// <summary>A file that should be Parquet is something else.</summary>
    public static readonly ErrorCode ParquetNotParquet = new("ATN0421", "not a Parquet file",
        "give the file its right extension, or get the real file from its source");

    /// <summary>A Parquet file ends before it should.</summary>
    public static readonly ErrorCode ParquetTruncated = new("ATN0422", "truncated Parquet file",
        "the file is incomplete: download or copy it again");

    /// <summary>A Parquet file, or one of its columns, is encrypted.</summary>
    public static readonly ErrorCode ParquetEncrypted = new("ATN0423", "encrypted Parquet file",
        "encrypted Parquet is not supported: write the data without encryption");

    /// <summary>The footer of a Parquet file makes no sense.</summary>
    public static readonly ErrorCode ParquetFooterMalformed = new("ATN0424", "malformed Parquet footer",
        "the file is damaged: get it again from its source");

    /// <summary>The schema of a Parquet file makes no sense or holds a type that does not exist.</summary>
    public static readonly ErrorCode ParquetSchemaMalformed = new("ATN0425", "malformed Parquet schema",
        "the file is damaged: get it again from its source");

    /// <summary>A page of a Parquet file does not hold what its header says.</summary>
    public static readonly ErrorCode ParquetPageMalformed = new("ATN0426", "damaged Parquet page",
        "the file is damaged: get it again from its source");

    /// <summary>A page's bytes do not have the checksum that its header gives.</summary>
    public static readonly ErrorCode ParquetChecksumWrong = new("ATN0427", "wrong checksum of a Parquet page",
        "the file is damaged: get it again from its source");

    /// <summary>A column is compressed in a way that is not supported.</summary>
    public static readonly ErrorCode ParquetCodecUnsupported = new("ATN0428", "Parquet compression not supported",
        "write the file uncompressed or with Snappy, gzip, zstd, LZ4_RAW or Brotli");

    /// <summary>A column is encoded in a way that does not exist or does not suit its type.</summary>
    public static readonly ErrorCode ParquetEncodingUnsupported = new("ATN0429", "Parquet encoding not supported",
        "write the file with PLAIN or dictionary encoding");

    /// <summary>A page cannot be decompressed.</summary>
    public static readonly ErrorCode ParquetCompressionDamaged = new("ATN0430", "Parquet page cannot be decompressed",
        "the file is damaged: get it again from its source");

    /// <summary>A text column holds bytes that are not UTF-8.</summary>
    public static readonly ErrorCode ParquetTextInvalid = new("ATN0431", "text in a Parquet file is not UTF-8",
        "write the column as UTF-8 text, or declare it binary");

    /// <summary>Row or value counts within a Parquet file contradict each other.</summary>
    public static readonly ErrorCode ParquetCountsDiffer = new("ATN0432", "counts of a Parquet file contradict each other",
        "the file is damaged: get it again from its source");

    /// <summary>The feature description that the datasets library leaves in a Parquet file cannot be read.</summary>
    public static readonly ErrorCode ParquetFeaturesMalformed = new("ATN0433", "malformed `huggingface` metadata in a Parquet file",
        "write the file again with the datasets library, or name columns and labels in the config");

    /// <summary>A column is asked for by a name that several have.</summary>
    public static readonly ErrorCode ParquetColumnAmbiguous = new("ATN0434", "several columns have this name",
        "rename the columns in the file's source");

    /// <summary>A value has no meaning in its logical type.</summary>
    public static readonly ErrorCode ParquetValueInvalid = new("ATN0435", "value outside its type's range",
        "correct the value in the file's source");

    /// <summary>A single row, or a batch of them, needs more memory than the reader grants.</summary>
    public static readonly ErrorCode ParquetRowTooLarge = new("ATN0436", "row of a Parquet file too large",
        "split the row's list or value into several rows");
}
