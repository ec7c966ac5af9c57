using System.Buffers.Binary;
using System.Text;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>What a piece of a SentencePiece model is for (the numbers are the file format's).</summary>
internal enum PieceKind
{
    /// <summary>Text.</summary>
    Normal = 1,

    /// <summary>Unknown text.</summary>
    Unknown = 2,

    /// <summary>A mark such as &lt;s&gt; that text never gives.</summary>
    Control = 3,

    /// <summary>Text that is always one piece.</summary>
    UserDefined = 4,

    /// <summary>Nothing any more.</summary>
    Unused = 5,

    /// <summary>One byte.</summary>
    Byte = 6,
}

/// <summary>A SentencePiece <c>.model</c> file: the few fields of its protocol buffer that say how to tokenise.</summary>
internal sealed class SentencePieceProto
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _path;

    private SentencePieceProto(string path) => _path = path;

    /// <summary>Pieces with their scores and kinds, in order of id.</summary>
    public List<(string Piece, float Score, PieceKind Kind)> Pieces { get; } = [];

    /// <summary>Whether the model is Unigram (else BPE).</summary>
    public bool IsUnigram { get; private set; } = true;

    /// <summary>The unknown piece's id.</summary>
    public int UnknownId { get; private set; }

    /// <summary>Whether unknown text is written in byte pieces.</summary>
    public bool ByteFallback { get; private set; }

    /// <summary>The normalisation as a precompiled character map; empty for none.</summary>
    public byte[] CharacterMap { get; private set; } = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="AteneaException">ATN0309: the file is not such a model, or damaged.</exception>
    public static SentencePieceProto Read(string path)
    {
        byte[] bytes = TextFiles.ReadBytes(path);

        var proto = new SentencePieceProto(path);
        proto.ReadModel(bytes);
        if (proto.Pieces.Count == 0)
        {
            throw proto.Damaged("it holds no pieces");
        }

        return proto;
    }

    private delegate void FieldReader(int field, ulong number, ReadOnlySpan<byte> bytes);

    private void ReadModel(ReadOnlySpan<byte> message) => ReadFields(message, (field, _, bytes) =>
    {
        switch (field)
        {
            case 1:
                ReadPiece(bytes);
                break;
            case 2:
                ReadFields(bytes, ReadTrainer);
                break;
            case 3:
                ReadFields(bytes, ReadNormalizer);
                break;
        }
    });

    private void ReadPiece(ReadOnlySpan<byte> message)
    {
        string piece = "";
        float score = 0;
        PieceKind kind = PieceKind.Normal;
        ReadFields(message, (field, number, bytes) =>
        {
            switch (field)
            {
                case 1:
                    piece = Text(bytes);
                    break;
                case 2:
                    score = BitConverter.UInt32BitsToSingle((uint)number);
                    break;
                case 3:
                    kind = (PieceKind)number;
                    break;
            }
        });
        Pieces.Add((piece, score, kind));
    }

    private void ReadTrainer(int field, ulong number, ReadOnlySpan<byte> bytes)
    {
        switch (field)
        {
            case 3 when number is 1 or 2:
                IsUnigram = number == 1;
                break;
            case 3:
                throw new AteneaException(Catalogue.TokenizerComponentUnknown, "the SentencePiece model is neither Unigram nor BPE", _path);
            case 35:
                ByteFallback = number != 0;
                break;
            case 40:
                UnknownId = (int)number;
                break;
        }
    }

    private void ReadNormalizer(int field, ulong number, ReadOnlySpan<byte> bytes)
    {
        if (field == 2)
        {
            CharacterMap = bytes.ToArray();
        }
    }

    private void ReadFields(ReadOnlySpan<byte> message, FieldReader reader)
    {
        while (!message.IsEmpty)
        {
            ulong tag = Varint(ref message);
            int field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    reader(field, Varint(ref message), default);
                    break;
                case 1:
                    reader(field, BinaryPrimitives.ReadUInt64LittleEndian(Take(ref message, 8)), default);
                    break;
                case 2:
                    ulong length = Varint(ref message);
                    reader(field, 0, Take(ref message, length));
                    break;
                case 5:
                    reader(field, BinaryPrimitives.ReadUInt32LittleEndian(Take(ref message, 4)), default);
                    break;
                default:
                    throw Damaged($"field {field} has an impossible type");
            }
        }
    }

    private ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> message, ulong length)
    {
        if (length > (ulong)message.Length)
        {
            throw Damaged("it ends in the middle of a field");
        }

        ReadOnlySpan<byte> taken = message[..(int)length];
        message = message[(int)length..];
        return taken;
    }

    private ulong Varint(ref ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(ref message, 1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Damaged("a number without end");
    }

    private string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Damaged($"piece {Pieces.Count} is not UTF-8");
        }
    }

    private AteneaException Damaged(string what) => new(Catalogue.SentencePieceInvalid, what, _path);
}
