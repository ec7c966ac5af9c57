namespace Atenea.Tensors;

/// <summary>Where an operation writes its share of a gradient.</summary>
/// <param name="Data">The gradient; none where nobody wants it.</param>
/// <param name="Accumulate">Whether to add to what is there. Else it is the first share: what is there is undefined.</param>
internal readonly record struct GradientShare(DeviceBuffer Data, bool Accumulate)
{
    /// <summary>Whether nobody wants the gradient.</summary>
    public bool IsUnwanted => Data.IsNone;
}
