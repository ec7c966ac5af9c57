namespace Atenea.Data;

/// <summary>
/// Reads several files one after another, as if they were one. Their columns are matched by name; JSON files may lack some or add some,
/// other files must agree, in the types of their columns too.
/// </summary>
internal sealed class ShardedTableReader : TableReader
{
    private readonly IReadOnlyList<string> _files;
    private readonly ReadOptions _options;
    private readonly List<string> _columns = [];
    private readonly List<string?> _cells = [];
    private readonly List<int> _shared = []; // the reader's column -> the column here
    private readonly ShardAgreement _agreement;
    private TableReader _reader;
    private int _next = 1;
    private bool _cellsRead;

    /// <summary>Opens the first file.</summary>
    public ShardedTableReader(string pattern, IReadOnlyList<string> files, ReadOptions options, ReadingLog log)
        : base(pattern, log)
    {
        _files = files;
        _options = options;
        _reader = OpenFile(files[0], options, log);
        _agreement = new ShardAgreement(files[0], [.. _reader.Columns], _reader.Types);
        MatchColumns();
    }

    /// <inheritdoc/>
    public override DataFormat Format => _reader.Format;

    /// <inheritdoc/>
    public override string? EncodingName => _reader.EncodingName;

    /// <inheritdoc/>
    public override char? Separator => _reader.Separator;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => _columns;

    /// <inheritdoc/>
    public override IReadOnlyList<string?> Cells
    {
        get
        {
            if (_cellsRead) return _cells;
            for (int i = 0; i < _cells.Count; i++) _cells[i] = null;
            for (int i = 0; i < _shared.Count; i++) _cells[_shared[i]] = _reader.Cells[i];
            _cellsRead = true;
            return _cells;
        }
    }

    /// <inheritdoc/>
    public override bool Read()
    {
        _cellsRead = false;
        while (!_reader.Read())
        {
            if (_next == _files.Count) return false;
            _reader.Dispose();
            _reader = OpenFile(_files[_next++], _options, Log);
            _shared.Clear();
            CheckColumns();
        }

        MatchColumns();
        Line = _reader.Line;
        return true;
    }

    /// <inheritdoc/>
    internal override CellKind Kind(int column) => _shared.IndexOf(column) is >= 0 and int own ? _reader.Kind(own) : CellKind.Missing;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Utf8(int column) => _shared.IndexOf(column) is >= 0 and int own ? _reader.Utf8(own) : default;

    /// <inheritdoc/>
    public override IReadOnlyList<string>? ClassNames(string column) => _reader.ClassNames(column);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _reader.Dispose();

    private void MatchColumns()
    {
        for (int i = _shared.Count; i < _reader.Columns.Count; i++)
        {
            int here = _columns.IndexOf(_reader.Columns[i]);
            if (here < 0)
            {
                here = _columns.Count;
                _columns.Add(_reader.Columns[i]);
                _cells.Add(null);
            }

            _shared.Add(here);
        }
    }

    private void CheckColumns()
    {
        if (_reader.Format is DataFormat.Json or DataFormat.JsonLines or DataFormat.JsonColumns) return;
        _agreement.Check(_reader.Path, _reader.Columns, _reader.Types);
    }
}
