namespace Atenea.Tokenizers;

/// <summary>Joins by spaces and glues pieces that go on (<c>@@</c>).</summary>
internal sealed class SubwordNmtDecoder : Decoder
{
    /// <inheritdoc/>
    public override List<string> Decode(List<string> tokens) =>
        [PythonWhitespace.Trim(string.Join(' ', tokens).Replace("@@ ", "", StringComparison.Ordinal))];
}
