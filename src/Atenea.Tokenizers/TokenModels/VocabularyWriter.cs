using System.Text.Json;

namespace Atenea.Tokenizers;

/// <summary>Writes a vocabulary as the <c>vocab</c> object of tokenizer.json.</summary>
internal static class VocabularyWriter
{
    /// <summary>Writes the property <c>vocab</c>, tokens in ascending order of id.</summary>
    public static void Write(Utf8JsonWriter writer, Vocabulary vocabulary)
    {
        writer.WriteStartObject("vocab");
        foreach ((string token, int id) in vocabulary.InOrder())
        {
            writer.WriteNumber(token, id);
        }

        writer.WriteEndObject();
    }
}
