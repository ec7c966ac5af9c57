namespace Atenea.Tensors;

/// <summary>
/// sum = sum over rows whose label counts of (1 - s) * -log p[label] + s * mean over classes of -log p, with p = softmax(logits); gradient
/// =
/// p - (1 - s) * [class = label] - s / classes, zeros in the rows that do not count.
/// </summary>
internal struct CrossEntropy
{
    public int Rows;
    public int Classes;
    public DeviceBuffer Logits; // [rows, classes]
    public DeviceBuffer Labels; // [rows]
    public int IgnoreIndex;
    public float Smoothing; // s
    public DeviceBuffer Gradient; // [rows, classes], or none
    public DeviceBuffer Sum; // one double
}

/// <summary>
/// The same over the tokens of each sequence: which of them does one column of the logits choose? Positions outside of their sequence do
/// not count; the gradient is zero there and in the other columns.
/// </summary>
internal struct PositionCrossEntropy
{
    public int Rows;
    public int Columns;
    public int Column;
    public int Sequences;
    public DeviceBuffer Logits; // [rows, columns]
    public DeviceBuffer Offsets; // [sequences + 1]
    public DeviceBuffer Positions; // [sequences]
    public float Smoothing;
    public DeviceBuffer Gradient; // [rows, columns], or none
    public DeviceBuffer Sum; // one double
}

/// <summary>Losses that are a sum over elements.</summary>
internal enum ElementLossKind
{
    /// <summary>max(x, 0) - x t + log(1 + e^-|x|); slope sigmoid(x) - t.</summary>
    BinaryCrossEntropy,

    /// <summary>(x - t)^2; slope 2 (x - t).</summary>
    SquaredError,
}

/// <summary>sum = sum over elements of loss(x, t); gradient = its slope. All [length].</summary>
internal struct ElementLoss
{
    public ElementLossKind Kind;
    public long Length;
    public DeviceBuffer Predictions; // x
    public DeviceBuffer Targets; // t
    public DeviceBuffer Gradient; // or none
    public DeviceBuffer Sum; // one double
}
