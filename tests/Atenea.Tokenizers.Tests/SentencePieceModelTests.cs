using Atenea.Errors;
using Google.Protobuf;
using ModelType = Atenea.Tokenizers.TrainerSpec.Types.ModelType;
using PieceType = Atenea.Tokenizers.SentencePiece.Types.Type;

namespace Atenea.Tokenizers.Tests;

/// <summary>SentencePiece files, whole and damaged.</summary>
public sealed class SentencePieceModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("atenea-spm-").FullName;

    private string ModelFile => Path.Combine(_folder, "spiece.model");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_a_file_leaves_out_has_the_formats_default()
    {
        SentencePieceModel model = Read(new ModelProto { Pieces = { Piece("a"), Piece("b", -2.5f, PieceType.Control) } });
        Assert.Equal([("a", 0, PieceType.Normal), ("b", -2.5f, PieceType.Control)], model.Pieces);
        Assert.Equal((ModelType.Unigram, 0, false), (model.Trainer.ModelType, model.Trainer.UnkId, model.Trainer.ByteFallback));
        Assert.True(model.CharacterMap.IsEmpty);
    }

    [Fact]
    public void Fields_that_are_not_read_are_skipped()
    {
        // Field 14 of the normaliser as text, field 200 of the model (an extension) as a message, field 19 of the trainer as a number.
        byte[] bytes =
        [
            .. new ModelProto { Pieces = { Piece("a") } }.ToByteArray(),
            0x1A, 3, 0x72, 1, (byte)'x', 0xC2, 0x0C, 2, 0x08, 7, 0x12, 3, 0x98, 0x01, 5,
        ];
        File.WriteAllBytes(ModelFile, bytes);
        Assert.Equal("a", Assert.Single(SentencePieceModel.Read(ModelFile).Pieces).Piece);
    }

    [Fact]
    public void What_cannot_be_a_model_is_refused()
    {
        Refused(Catalogue.SentencePieceInvalid, new ModelProto());
        var notUtf8 = new SentencePiece { Piece = ByteString.CopyFrom(0xC3, 0x28) };
        Refused(Catalogue.SentencePieceInvalid, new ModelProto { Pieces = { notUtf8 } });
        foreach (int unknown in new[] { -1, 2, int.MaxValue })
        {
            Refused(Catalogue.SentencePieceInvalid, Small(new TrainerSpec { UnkId = unknown }));
        }

        Refused(Catalogue.TokenizerComponentUnknown, Small(new TrainerSpec { ModelType = ModelType.Word }));
        Refused(Catalogue.TokenizerComponentUnknown, Small(new TrainerSpec { ModelType = (ModelType)77 }));
        Refused(Catalogue.VocabularyInvalid, new ModelProto { Pieces = { Piece("a"), Piece("a") } });
    }

    [Fact]
    public void A_file_that_is_not_there_or_too_large_is_refused()
    {
        Assert.Same(Catalogue.TokenizerFilesMissing, Assert.Throws<AteneaException>(() => SentencePieceModel.Read(ModelFile)).Code);

        // A length that the file does not have must not be allocated, and one that it has must be within the bound.
        File.WriteAllBytes(ModelFile, [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07]);
        Assert.Same(Catalogue.SentencePieceInvalid, Assert.Throws<AteneaException>(() => SentencePieceModel.Read(ModelFile)).Code);
        using (FileStream file = File.OpenWrite(ModelFile))
        {
            file.SetLength(1L << 31);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Same(Catalogue.SentencePieceInvalid, Assert.Throws<AteneaException>(() => SentencePieceModel.Read(ModelFile)).Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 24);
    }

    [Fact]
    public void A_damaged_file_gives_a_tokenizer_or_a_coded_error()
    {
        byte[] whole = Small(new TrainerSpec { ByteFallback = true }).ToByteArray();
        var random = new Random(20251127);
        for (int i = 0; i < 3000; i++)
        {
            byte[] bytes = i < whole.Length ? whole[..i] : [.. whole];
            for (int change = i < whole.Length ? 0 : random.Next(1, 5); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)0xFF : (byte)random.Next(256);
            }

            File.WriteAllBytes(ModelFile, bytes);
            Exception? error = Record.Exception(() => Tokenizer.FromDirectory(_folder).Encode("a be \u00E9"));
            Assert.True(error is null or AteneaException, $"{Convert.ToHexString(bytes)}: {error}");
        }
    }

    [Fact]
    public void A_real_file_is_refused_wherever_it_is_cut_within_a_piece()
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(GoldenTests.DataFolder, "camembert-like", "sentencepiece.bpe.model"));
        foreach (int cut in new[] { 0, 1, 5, 1000, 54_321, whole.Length / 2 })
        {
            File.WriteAllBytes(ModelFile, whole[..cut]);
            Exception? error = Record.Exception(() => Tokenizer.FromDirectory(_folder));
            Assert.True(error is null or AteneaException, $"cut at {cut}: {error}");
        }

        File.WriteAllBytes(ModelFile, whole[..1000]);
        AteneaException refused = Assert.Throws<AteneaException>(() => Tokenizer.FromDirectory(_folder));
        Assert.Same(Catalogue.SentencePieceInvalid, refused.Code);
        Assert.Equal(ModelFile, refused.Where);
    }

    private static SentencePiece Piece(string text, float score = 0, PieceType type = PieceType.Normal)
    {
        var piece = new SentencePiece { Piece = ByteString.CopyFromUtf8(text) };
        if (score != 0) piece.Score = score;
        if (type != PieceType.Normal) piece.Type = type;
        return piece;
    }

    private static ModelProto Small(TrainerSpec trainer) => new()
    {
        Pieces = { Piece("<unk>", 0, PieceType.Unknown), Piece("\u2581a", -1.5f) },
        TrainerSpec = trainer,
        NormalizerSpec = new NormalizerSpec { PrecompiledCharsmap = ByteString.Empty },
    };

    private SentencePieceModel Read(ModelProto proto)
    {
        File.WriteAllBytes(ModelFile, proto.ToByteArray());
        return SentencePieceModel.Read(ModelFile);
    }

    private void Refused(ErrorCode code, ModelProto proto)
    {
        File.WriteAllBytes(ModelFile, proto.ToByteArray());
        AteneaException error = Assert.Throws<AteneaException>(() => Tokenizer.FromDirectory(_folder));
        Assert.Same(code, error.Code);
        Assert.Equal(ModelFile, error.Where);
    }
}
