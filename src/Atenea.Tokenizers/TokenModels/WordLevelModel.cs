using System.Text.Json;

namespace Atenea.Tokenizers;

/// <summary>One id per word; words outside the vocabulary are the unknown token.</summary>
internal sealed class WordLevelModel : TokenModel
{
    private readonly string _unknownToken;
    private readonly int _unknownId;

    /// <summary>Creates the model.</summary>
    public WordLevelModel(Vocabulary vocabulary, string unknownToken, string where)
        : base(vocabulary)
    {
        _unknownToken = unknownToken;
        _unknownId = vocabulary.RequireUnknown(unknownToken, where);
    }

    /// <inheritdoc/>
    public override int? UnknownId => _unknownId;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "WordLevel");
        Vocabulary.Write(writer);
        writer.WriteString("unk_token", _unknownToken);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    protected override void Tokenize(ReadOnlySpan<char> word, int origin, PieceBuffer pieces, ModelScratch scratch)
    {
        int id = Vocabulary.IdOf(word);
        pieces.Add(id < 0 ? _unknownId : id, origin, origin + word.Length);
    }
}
