using System.Collections.ObjectModel;
using System.Text.Json;
using Atenea.Tokenizers;

namespace Atenea.Pipelines;

/// <summary>The entities of a text, in order.</summary>
public sealed class TokenClassification : ReadOnlyCollection<TokenEntity>, IAnswer
{
    internal TokenClassification(string text, IReadOnlyList<TokenEntity> entities)
        : base([.. entities]) => Text = text;

    /// <summary>The text; of words, they themselves with one space between each two.</summary>
    public string Text { get; }

    /// <summary>
    /// Writes <c>[{"entity_group": ..., "score": ..., "word": ..., "start": ..., "end": ...}, ...]</c>, of single tokens with
    /// <c>entity</c> and <c>index</c>. Places are counted in code points, as transformers counts them.
    /// </summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        TextSpan[] places = TextOffsets.ToCodePoints([.. this.Select(entity => new TextSpan(entity.Start, entity.End))], Text);
        json.WriteStartArray();
        for (int i = 0; i < Count; i++)
        {
            TokenEntity entity = this[i];
            json.WriteStartObject();
            json.WriteString(entity.IsGroup ? "entity_group" : "entity", entity.Label);
            json.WriteNumber("score", entity.Score);
            if (entity.Index is { } index) json.WriteNumber("index", index);
            json.WriteString("word", entity.Word);
            json.WriteNumber("start", places[i].Start);
            json.WriteNumber("end", places[i].End);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
