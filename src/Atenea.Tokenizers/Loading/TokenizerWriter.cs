using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Atenea.Tokenizers;

/// <summary>Writes tokenizer.json, tokenizer_config.json and, for WordPiece, vocab.txt. Each file is written whole or not at all.</summary>
internal static class TokenizerWriter
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the files into a folder, which is made if need be.</summary>
    public static void Save(TokenizerParts parts, IReadOnlyList<AddedToken> addedTokens, JsonObject config, string directory)
    {
        Directory.CreateDirectory(directory);
        if (parts.SourceFiles.Count == 0)
        {
            WriteFile(Path.Combine(directory, "tokenizer.json"), stream => WriteTokenizer(parts, addedTokens, stream));
        }

        foreach (string source in parts.SourceFiles)
        {
            string copy = Path.Combine(directory, Path.GetFileName(source));
            if (Path.GetFullPath(copy) != Path.GetFullPath(source))
            {
                WriteFile(copy, stream => stream.Write(File.ReadAllBytes(source)));
            }
        }

        WriteFile(Path.Combine(directory, "tokenizer_config.json"), stream =>
        {
            using var writer = new Utf8JsonWriter(stream, Indented);
            config.WriteTo(writer);
        });
        if (parts.Model is WordPieceModel && parts.Model.Vocabulary.Count == parts.Model.Vocabulary.Span
            && parts.Model.Vocabulary.InOrder().All(e => !e.Key.Contains('\n', StringComparison.Ordinal)))
        {
            WriteFile(Path.Combine(directory, "vocab.txt"), stream =>
            {
                using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
                foreach ((string token, int _) in parts.Model.Vocabulary.InOrder())
                {
                    writer.WriteLine(token);
                }
            });
        }
    }

    /// <summary>Writes tokenizer.json.</summary>
    public static void WriteTokenizer(TokenizerParts parts, IReadOnlyList<AddedToken> addedTokens, Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream, Indented);
        writer.WriteStartObject();
        writer.WriteString("version", "1.0");
        Node(writer, "truncation", parts.Truncation);
        Node(writer, "padding", parts.Padding);
        writer.WriteStartArray("added_tokens");
        foreach (AddedToken token in addedTokens)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", token.Id);
            writer.WriteString("content", token.Content);
            writer.WriteBoolean("single_word", token.SingleWord);
            writer.WriteBoolean("lstrip", token.LeftStrip);
            writer.WriteBoolean("rstrip", token.RightStrip);
            writer.WriteBoolean("normalized", token.Normalized);
            writer.WriteBoolean("special", token.Special);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        Node(writer, "normalizer", parts.Normalizer);
        Node(writer, "pre_tokenizer", parts.PreTokenizer);
        Node(writer, "post_processor", parts.PostProcessor);
        Node(writer, "decoder", parts.Decoder);
        writer.WritePropertyName("model");
        parts.Model.Write(writer);
        writer.WriteEndObject();
    }

    private static void Node(Utf8JsonWriter writer, string name, JsonNode? node)
    {
        writer.WritePropertyName(name);
        if (node is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            node.WriteTo(writer);
        }
    }

    private static void WriteFile(string path, Action<Stream> write)
    {
        string temporary = path + ".tmp";
        using (FileStream stream = File.Create(temporary))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
