namespace Atenea.Tensors;

/// <summary>The copy of a weight in the form in which a back end's products read their right-hand matrix, kept from step to step.</summary>
internal sealed class PackedWeight : IDisposable
{
    private DeviceMemory? _memory;
    private DeviceBuffer _data;
    private long _bytes;
    private string _format = "";
    private bool _transposed;
    private int _version;

    /// <summary>The packed copy, or none where the back end needs none.</summary>
    public DeviceBuffer Of(Parameter weight, Backend backend, bool transposed)
    {
        Matrix matrix = transposed ? weight.MatrixOn(backend).Transposed : weight.MatrixOn(backend);
        long length = backend.PackedLength(matrix.Rows, matrix.Columns);
        if (length == 0) return DeviceBuffer.None;
        bool fits = ReferenceEquals(_memory, backend.Memory) && _format == backend.PackedFormat && _transposed == transposed;
        if (fits && _version == weight.Version) return _data;
        if (!fits)
        {
            Dispose();
            (_memory, _format, _transposed) = (backend.Memory, backend.PackedFormat, transposed);
            _bytes = length * DeviceBuffer.ElementBytes;
            _data = _memory.Allocate(_bytes);
        }

        backend.Pack(matrix, _data);
        _version = weight.Version;
        return _data;
    }

    /// <summary>Gives the copy's memory back.</summary>
    public void Dispose()
    {
        _memory?.Free(_data, _bytes);
        (_memory, _data) = (null, DeviceBuffer.None);
    }
}
