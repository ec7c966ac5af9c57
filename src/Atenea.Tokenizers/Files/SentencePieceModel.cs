using System.Text;
using Atenea.Errors;
using Google.Protobuf;
using ModelType = Atenea.Tokenizers.TrainerSpec.Types.ModelType;
using PieceType = Atenea.Tokenizers.SentencePiece.Types.Type;

namespace Atenea.Tokenizers;

/// <summary>A SentencePiece <c>.model</c> file, checked: what <c>sentencepiece_model.proto</c> has of it.</summary>
internal sealed class SentencePieceModel
{
    /// <summary>
    /// Largest file in bytes; a million pieces take about 20 MB. A damaged file of empty pieces takes some forty times its size in memory.
    /// </summary>
    private const int LargestFile = 1 << 26;

    /// <summary>Deepest nesting of messages; the format's own have two levels.</summary>
    private const int DeepestNesting = 16;

    private static readonly MessageParser<ModelProto> Parser = ModelProto.Parser.WithDiscardUnknownFields(true);

    private SentencePieceModel(ModelProto proto, string path)
    {
        Trainer = proto.TrainerSpec ?? new TrainerSpec();
        CharacterMap = proto.NormalizerSpec?.PrecompiledCharsmap ?? ByteString.Empty;
        Pieces = [.. proto.Pieces.Select((piece, id) => (Text(piece, id, path), piece.Score, piece.Type))];
    }

    /// <summary>Pieces with their scores and types, in order of id; at least one.</summary>
    public IReadOnlyList<(string Piece, float Score, PieceType Type)> Pieces { get; }

    /// <summary>What the model is (Unigram or BPE), its unknown piece, and whether unknown text is written in byte pieces.</summary>
    public TrainerSpec Trainer { get; }

    /// <summary>The normalisation as a precompiled character map; empty for none.</summary>
    public ByteString CharacterMap { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="AteneaException">
    /// ATN0309: the file is not such a model, or damaged. ATN0302: the model is neither Unigram nor BPE.
    /// </exception>
    public static SentencePieceModel Read(string path)
    {
        var model = new SentencePieceModel(Parse(path), path);
        if (model.Pieces.Count == 0) throw Damaged("it holds no pieces", path);
        return model.Trainer.ModelType is ModelType.Unigram or ModelType.Bpe
            ? model
            : throw new AteneaException(Catalogue.TokenizerComponentUnknown, "the SentencePiece model is neither Unigram nor BPE", path);
    }

    private static ModelProto Parse(string path)
    {
        using FileStream file = TextFiles.Open(path);
        try
        {
            return Parser.ParseFrom(CodedInputStream.CreateWithLimits(file, LargestFile, DeepestNesting));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw Damaged(e.Message, path, e);
        }
    }

    private static string Text(SentencePiece piece, int id, string path)
    {
        try
        {
            return TextFiles.Strict.GetString(piece.Piece.Span);
        }
        catch (DecoderFallbackException e)
        {
            throw Damaged($"piece {id} is not UTF-8", path, e);
        }
    }

    private static AteneaException Damaged(string what, string path, Exception? inner = null) =>
        new(Catalogue.SentencePieceInvalid, what, path, inner: inner);
}
