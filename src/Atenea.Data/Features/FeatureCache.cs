using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tokenizers;

namespace Atenea.Data;

/// <summary>
/// Keeps features in a folder, so that the next run with the same texts, tokenizer and settings does not tokenise again. A file is named by
/// the hash of all that decides its content, so it is never out of date; one that is damaged is made again. The files used longest ago go
/// when the folder is full.
/// </summary>
/// <param name="folder">The folder; made if need be.</param>
public sealed class FeatureCache(string folder)
{
    /// <summary>The files of the folder take no more bytes than this after a file is added.</summary>
    public const long MostBytes = 8L << 30;

    private const string Version = "atenea-features-1", Truncated = "truncated_rows", Empty = "empty_rows";
    private const string Ids = "ids", TypeIds = "type_ids", Marks = "marks", Offsets = "offsets", Rows = "rows";

    /// <summary>The features of rows, from the folder if they are there. Labels of whole features are the caller's to add.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="columns">The columns that the features are made of.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="settings">What else decides the features, as text: the task, the longest sequence and the like.</param>
    /// <param name="make">Makes the features if they are not there.</param>
    public FeatureSet Get(Dataset data, IReadOnlyList<string> columns, Tokenizer tokenizer, string settings, Func<FeatureSet> make)
    {
        string path = Path.Combine(folder, Key(data, columns, tokenizer, settings) + ".safetensors");
        if (Load(data, path) is { } cached) return cached;
        FeatureSet features = make();
        FeatureArrays arrays = features.Arrays;
        var writer = new SafeTensorsWriter([new(Truncated, Text(arrays.TruncatedRows)), new(Empty, Text(features.EmptyRows))]);
        Add(writer, Ids, arrays.Ids);
        Add(writer, TypeIds, arrays.TypeIds);
        if (arrays.Marks is { } marks) Add(writer, Marks, marks);
        Add(writer, Offsets, arrays.Offsets);
        Add(writer, Rows, arrays.Rows);
        writer.Save(path);
        Prune();
        return features;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static FeatureSet? Load(Dataset data, string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            using SafeTensorsFile file = SafeTensorsFile.Open(path);
            int Number(string name) => int.Parse(file.Metadata[name], CultureInfo.InvariantCulture);
            var arrays = new FeatureArrays(Read(file, Ids), Read(file, TypeIds), file.Tensors.ContainsKey(Marks) ? Read(file, Marks) : null,
                Read(file, Offsets), Read(file, Rows), Number(Truncated));
            FeatureSet? features = FeatureSet.FromArrays(data, arrays, Number(Empty));
            if (features is not null) File.SetLastAccessTimeUtc(path, DateTime.UtcNow);
            return features;
        }
        catch (Exception e) when (e is AteneaException or FormatException or KeyNotFoundException or IOException
            or UnauthorizedAccessException)
        {
            return null; // damaged: it is made again
        }
    }

    private static string Key(Dataset data, IReadOnlyList<string> columns, Tokenizer tokenizer, string settings)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string what = $"{Version}\n{tokenizer.Fingerprint()}\n{settings}\n{columns.Count}\n{data.Count}\n";
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(what));
        foreach (string column in columns) AddTexts(hash, data.Column(column));
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
