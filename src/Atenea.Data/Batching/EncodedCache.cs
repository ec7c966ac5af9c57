using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tokenizers;

namespace Atenea.Data;

/// <summary>
/// Keeps tokenised data sets in a folder, so that the next run with the same texts, tokenizer and length does not tokenise again. A file is
/// named by the hash of all that decides its content, so it is never out of date; one that is damaged is made again. The files used longest
/// ago go when the folder is full.
/// </summary>
/// <param name="folder">The folder; made if need be.</param>
public sealed class EncodedCache(string folder)
{
    /// <summary>The files of the folder take no more bytes than this after a file is added.</summary>
    public const long MostBytes = 8L << 30;

    private const string Version = "atenea-encoded-1";
    private const string Truncated = "truncated_rows";

    /// <summary>The tokenised texts of a data set, from the folder if they are there.</summary>
    /// <inheritdoc cref="EncodedDataset.Encode"/>
    public EncodedDataset Encode(Dataset data, DataColumns columns, Tokenizer tokenizer, int? maxLength = null, int threads = 0)
    {
        string path = Path.Combine(folder, Key(data, columns, tokenizer, maxLength) + ".safetensors");
        if (Load(data, columns, path) is { } cached) return cached;
        EncodedDataset encoded = EncodedDataset.Encode(data, columns, tokenizer, maxLength, threads);
        var writer = new SafeTensorsWriter([new(Truncated, encoded.TruncatedRows.ToString(CultureInfo.InvariantCulture))]);
        (int[] ids, int[] typeIds, int[] offsets) = encoded.Arrays;
        Add(writer, "ids", ids);
        Add(writer, "type_ids", typeIds);
        Add(writer, "offsets", offsets);
        writer.Save(path);
        Prune();
        return encoded;
    }

    private static EncodedDataset? Load(Dataset data, DataColumns columns, string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            using SafeTensorsFile file = SafeTensorsFile.Open(path);
            EncodedDataset? encoded = EncodedDataset.FromArrays(data, columns, Read(file, "ids"), Read(file, "type_ids"), Read(file, "offsets"),
                int.Parse(file.Metadata[Truncated], CultureInfo.InvariantCulture));
            if (encoded is not null) File.SetLastAccessTimeUtc(path, DateTime.UtcNow);
            return encoded;
        }
        catch (Exception e) when (e is AteneaException { Code.Id: not "ATN0207" } or FormatException or KeyNotFoundException or IOException or UnauthorizedAccessException)
        {
            return null; // damaged: it is made again
        }
    }

    private static string Key(Dataset data, DataColumns columns, Tokenizer tokenizer, int? maxLength)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{Version}\n{tokenizer.Fingerprint()}\n{maxLength}\n{columns.TextPair is not null}\n{data.Count}\n"));
        AddTexts(hash, data.Column(columns.Text));
        if (columns.TextPair is { } pair) AddTexts(hash, data.Column(pair));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Each text behind its length, so that no two columns of texts look alike.</summary>
    private static void AddTexts(IncrementalHash hash, IReadOnlyList<string?> texts)
    {
        foreach (string? text in texts)
        {
            hash.AppendData(BitConverter.GetBytes(text?.Length ?? 0));
            hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
        }
    }

    private static void Add(SafeTensorsWriter writer, string name, int[] values) =>
        writer.AddBytes(name, [values.Length], MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), StorageType.I32);

    private static int[] Read(SafeTensorsFile file, string name) => MemoryMarshal.Cast<byte, int>(file.ReadBytes(name)).ToArray();

    private void Prune()
    {
        FileInfo[] files = [.. new DirectoryInfo(folder).EnumerateFiles("*.safetensors").OrderByDescending(f => f.LastAccessTimeUtc)];
        long bytes = 0;
        foreach (FileInfo file in files)
        {
            bytes += file.Length;
            if (bytes <= MostBytes) continue;
            try
            {
                file.Delete();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another run reads it; it goes the next time.
            }
        }
    }
}
