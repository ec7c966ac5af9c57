using System.Collections.ObjectModel;
using System.Text.Json;

namespace Atenea.Pipelines;

/// <summary>A word for a mask.</summary>
/// <param name="Score">Its probability among all words of the vocabulary.</param>
/// <param name="Token">Its id.</param>
/// <param name="TokenText">The token as the tokenizer decodes it.</param>
/// <param name="Sequence">
/// The text with the word in the mask's place; with several masks the others stay, and special tokens are shown.
/// </param>
public sealed record MaskFilling(double Score, int Token, string TokenText, string Sequence);

/// <summary>The words for the masks of a text: for each mask in order its words by falling score.</summary>
public sealed class MaskFillings : ReadOnlyCollection<IReadOnlyList<MaskFilling>>, IAnswer
{
    internal MaskFillings(IReadOnlyList<MaskFilling>[] masks)
        : base(masks)
    {
    }

    /// <summary>
    /// Writes <c>[{"score": ..., "token": ..., "token_str": ..., "sequence": ...}, ...]</c>, for a text with several masks a list of such
    /// lists.
    /// </summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        if (Count > 1) json.WriteStartArray();
        foreach (IReadOnlyList<MaskFilling> fillings in this)
        {
            json.WriteStartArray();
            foreach (MaskFilling filling in fillings)
            {
                json.WriteStartObject();
                json.WriteNumber("score", filling.Score);
                json.WriteNumber("token", filling.Token);
                json.WriteString("token_str", filling.TokenText);
                json.WriteString("sequence", filling.Sequence);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (Count > 1) json.WriteEndArray();
    }
}
