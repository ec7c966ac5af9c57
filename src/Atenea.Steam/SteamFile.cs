using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Steam;

/// <summary>The growing CSV file and the state beside it, which says how far it is.</summary>
internal sealed class SteamFile
{
    /// <summary>Where the first page begins.</summary>
    public const string FirstCursor = "*";

    /// <summary>Reviews on a page: the most that the store gives.</summary>
    public const int PageSize = 100;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly SteamQuery _query;
    private readonly string _output;
    private readonly string _partial;
    private readonly string _state;
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private long _bytes;

    private SteamFile(SteamQuery query, string output)
    {
        _query = query;
        _output = Path.GetFullPath(output);
        _partial = _output + ".partial";
        _state = _output + ".state.json";
    }

    /// <summary>Reviews in the file.</summary>
    public int Rows => _ids.Count;

    /// <summary>Where the next page begins; null for the first page.</summary>
    public string? Cursor { get; private set; }

    /// <summary>Opens the file of an output, or begins it.</summary>
    /// <exception cref="AteneaException">It holds the answers of another query (ATN0471), or it cannot be written (ATN0403).</exception>
    public static SteamFile Open(SteamQuery query, string output)
    {
        var file = new SteamFile(query, output);
        try
        {
            file.Open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.CannotWrite(output, e);
        }

        return file;
    }

    /// <summary>Adds the reviews that are not there yet, and says where the next page begins: on the disk when this returns.</summary>
    /// <exception cref="AteneaException">The file cannot be written (ATN0403).</exception>
    public void Add(IEnumerable<JsonElement> reviews, int count, string? next)
    {
        var csv = new StringBuilder();
        bool all = true;
        foreach (JsonElement review in reviews)
        {
            if (SteamColumns.IdOf(review) is not { } id || _ids.Contains(id)) continue;
            if (_ids.Count == count)
            {
                all = false; // The page is not used up: the next run asks for it again.
                break;
            }

            _ids.Add(id);
            SteamColumns.Append(csv, _query.App, review);
        }

        if (all) Cursor = next;
        try
        {
            byte[] bytes = Utf8.GetBytes(csv.ToString());
            using (var stream = new FileStream(_partial, FileMode.Open, FileAccess.Write, FileShare.Read))
            {
                stream.Position = _bytes;
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            _bytes += bytes.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.CannotWrite(_partial, e);
        }

        SaveState();
    }

    /// <summary>Puts the file in its place.</summary>
    /// <exception cref="AteneaException">It cannot be written (ATN0403).</exception>
    public void Complete()
    {
        try
        {
            File.Move(_partial, _output, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.CannotWrite(_output, e);
        }
    }

    private void Open()
    {
        if (Path.GetDirectoryName(_output) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        bool hasState = File.Exists(_state);
        if (!hasState && File.Exists(_output))
            throw new AteneaException(Catalogue.SteamOutputOther, "the file is there, but not what it was made from", _output);
        if (hasState) ReadState();
        if (!File.Exists(_partial))
        {
            if (File.Exists(_output)) File.Copy(_output, _partial);
            else File.WriteAllBytes(_partial, []);
        }

        using (var stream = new FileStream(_partial, FileMode.Open, FileAccess.ReadWrite, FileShare.Read))
        {
            if (stream.Length < _bytes || _bytes == 0)
            {
                // Nothing of use: a new file, or one that somebody shortened.
                (_bytes, Cursor) = (0, null);
                stream.SetLength(0);
                byte[] header = Utf8.GetBytes(SteamColumns.Header);
                stream.Write(header);
                _bytes = header.Length;
            }

            stream.SetLength(_bytes); // What came after was a page that was being written when the run was killed.
            stream.Flush(flushToDisk: true);
        }

        ReadIds();
        SaveState();
    }

    private void ReadState()
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(FileErrors.ReadText(_state));
            JsonElement root = json.RootElement;
            if (root.Text("query") != _query.Path(FirstCursor, PageSize))
                throw new AteneaException(Catalogue.SteamOutputOther, $"it was made from {root.Text("query")}", _state);
            (Cursor, _bytes) = (root.Text("cursor"), root.Number("bytes") ?? 0);
        }
        catch (JsonException e)
        {
            throw new AteneaException(Catalogue.SteamOutputOther, "its state is damaged", _state, inner: e);
        }
    }

    private void SaveState()
    {
        var state = new JsonObject
        {
            ["query"] = _query.Path(FirstCursor, PageSize),
            ["cursor"] = Cursor,
            ["rows"] = Rows,
            ["bytes"] = _bytes,
        };
        AtomicFile.WriteText(_state, state.ToJsonString());
    }

    /// <summary>
    /// The number is the record's first cell, never quoted; a line within a quoted text is told apart by counting quotation marks.
    /// </summary>
    private void ReadIds()
    {
        bool inQuotes = false, isHeader = true;
        foreach (string line in File.ReadLines(_partial))
        {
            if (!inQuotes && !isHeader) _ids.Add(line.Split(',', 2)[0]);
            isHeader = false;
            if (line.Count(c => c == '"') % 2 == 1) inQuotes = !inQuotes;
        }
    }
}
