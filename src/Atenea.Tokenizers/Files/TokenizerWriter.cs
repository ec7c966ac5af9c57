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
    public static void Save(TokenizerDefinition definition, IReadOnlyList<AddedToken> addedTokens, JsonObject config, string directory)
    {
        Directory.CreateDirectory(directory);
        if (definition.SourceFiles.Count == 0)
        {
            WriteFile(Path.Combine(directory, "tokenizer.json"), stream => WriteTokenizer(definition, addedTokens, stream));
        }

        foreach (string source in definition.SourceFiles)
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
        if (definition.Model is WordPieceModel && definition.Model.Vocabulary.Count == definition.Model.Vocabulary.Span
            && definition.Model.Vocabulary.InOrder().All(e => !e.Key.Contains('\n', StringComparison.Ordinal)))
        {
            WriteFile(Path.Combine(directory, "vocab.txt"), stream =>
            {
                using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
                foreach ((string token, int _) in definition.Model.Vocabulary.InOrder())
                {
                    writer.WriteLine(token);
                }
            });
        }
    }

    /// <summary>Writes tokenizer.json.</summary>
    public static void WriteTokenizer(TokenizerDefinition definition, IReadOnlyList<AddedToken> addedTokens, Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream, Indented);
        writer.WriteStartObject();
        writer.WriteString("version", "1.0");
        Node(writer, "truncation", definition.Truncation);
        Node(writer, "padding", definition.Padding);
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
        Node(writer, "normalizer", definition.Normalizer);
        Node(writer, "pre_tokenizer", definition.PreTokenizer);
        Node(writer, "post_processor", definition.PostProcessor);
        Node(writer, "decoder", definition.Decoder);
        writer.WritePropertyName("model");
        definition.Model.Write(writer);
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
