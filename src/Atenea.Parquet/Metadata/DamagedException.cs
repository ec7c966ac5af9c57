using Atenea.Errors;

namespace Atenea.Parquet;

/// <summary>
/// What a decoder throws that does not know which file and column it works on. <see cref="ColumnChunkReader"/> and
/// <see cref="ParquetFile"/> add the place and turn it into an <see cref="AteneaException"/>.
/// </summary>
/// <param name="code">The catalogue's entry.</param>
/// <param name="what">What was found.</param>
/// <param name="inner">The cause, if another exception is.</param>
internal class DamagedException(ErrorCode code, string what, Exception? inner = null) : Exception(what, inner)
{
    /// <summary>The catalogue's entry.</summary>
    public ErrorCode Code { get; } = code;

    /// <summary>A page whose content is not what its header says.</summary>
    public static DamagedException Page(string what) => new(Catalogue.ParquetPageMalformed, what);

    /// <summary>A page that cannot be decompressed.</summary>
    public static DamagedException Compression(string what, Exception? inner = null) =>
        new(Catalogue.ParquetCompressionDamaged, what, inner);

    /// <summary>The same with its place, for the user.</summary>
    /// <param name="where">File, column, row group and page.</param>
    public AteneaException At(string where) => new(Code, Message, where, inner: this);
}

/// <summary>A Thrift structure goes on beyond the bytes at hand; with more bytes it may turn out well.</summary>
internal sealed class ThriftEndException() : DamagedException(Catalogue.ParquetFooterMalformed, "a structure goes on beyond its end");
