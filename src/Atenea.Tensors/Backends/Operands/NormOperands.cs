namespace Atenea.Tensors;

/// <summary>
/// y = (h - mean(h)) / sqrt(variance(h) + epsilon) * weight + bias for every row of h = dropout(x) + residual. Without centering the mean
/// counts as 0: RMS normalisation.
/// </summary>
internal struct NormForward
{
    public int Rows;
    public int Columns;
    public DeviceBuffer X; // [rows, columns]
    public DeviceBuffer Residual; // [rows, columns], or none: then h = x
    public DeviceBuffer Weight; // [columns]
    public DeviceBuffer Bias; // [columns], or none
    public DeviceBuffer Output; // [rows, columns]
    public DeviceBuffer Statistics; // [rows, 2]: mean, reciprocal deviation; none where no backward pass follows
    public DropoutKey Dropout; // probability 0: none
    public float Epsilon;
    public bool Centered;
}

/// <summary>
/// With n = (h - mean) * deviation and g = dy * weight: dh = deviation * (g - mean(g) - n * mean(g n)), dresidual (+)= dh, dx (+)= mask *
/// dh, dweight (+)= sum over rows of dy * n, dbias (+)= sum over rows of dy. Without centering mean(g) counts as 0.
/// </summary>
internal struct NormBackward
{
    public int Rows;
    public int Columns;
    public DeviceBuffer X; // [rows, columns]
    public DeviceBuffer Residual; // [rows, columns], or none
    public DeviceBuffer Weight; // [columns]
    public DeviceBuffer OutputGradient; // [rows, columns]
    public DeviceBuffer Statistics; // [rows, 2], of the forward pass
    public DropoutKey Dropout;
    public bool Centered;
    public GradientShare ResidualGradient; // written before x's: the two may be one
    public GradientShare InputGradient;
    public GradientShare WeightGradient;
    public GradientShare BiasGradient;
}

/// <summary>y = x / max(|x|, epsilon) for every row; both [rows, columns].</summary>
internal struct RowLengthForward
{
    public int Rows;
    public int Columns;
    public DeviceBuffer X;
    public DeviceBuffer Y;
    public float Epsilon;
}

/// <summary>dx (+)= (dy - y (y . dy)) / |x|; where |x| is below epsilon, dy / epsilon. All [rows, columns].</summary>
internal struct RowLengthBackward
{
    public int Rows;
    public int Columns;
    public DeviceBuffer X;
    public DeviceBuffer Y;
    public DeviceBuffer OutputGradient;
    public GradientShare InputGradient;
    public float Epsilon;
}
