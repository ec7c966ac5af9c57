using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>What an encoder computed. The tensors live on the tape until its next step.</summary>
/// <param name="LastHiddenState">One vector per token, [tokens, hidden size].</param>
/// <param name="Capture">What was collected on the way, or null.</param>
public readonly record struct EncoderOutput(Tensor LastHiddenState, EncoderCapture? Capture);

/// <summary>Asks an encoder for what happens inside, and receives it.</summary>
/// <example><code>
/// var capture = new EncoderCapture { WantsAttentions = true };
/// model.Encoder.Forward(tape, batch, capture);
/// AttentionCapture firstLayer = capture.Attentions[0];
/// </code></example>
public sealed class EncoderCapture
{
    private readonly List<Tensor> _hiddenStates = [];
    private readonly List<AttentionCapture> _attentions = [];

    /// <summary>Whether hidden states are collected.</summary>
    public bool WantsHiddenStates { get; init; }

    /// <summary>Whether attention probabilities are collected.</summary>
    public bool WantsAttentions { get; init; }

    /// <summary>The input of the first block, then the output of every block, each [tokens, hidden size]; they live on the tape.</summary>
    public IReadOnlyList<Tensor> HiddenStates => _hiddenStates;

    /// <summary>The attention probabilities of every block, before dropout.</summary>
    public IReadOnlyList<AttentionCapture> Attentions => _attentions;

    /// <summary>Forgets what an earlier forward pass left; encoders call it at their start.</summary>
    internal void Begin()
    {
        _hiddenStates.Clear();
        _attentions.Clear();
    }

    internal void AddHiddenState(Tensor state)
    {
        if (WantsHiddenStates) _hiddenStates.Add(state);
    }

    internal AttentionCapture? NextAttention()
    {
        if (!WantsAttentions) return null;
        var capture = new AttentionCapture();
        _attentions.Add(capture);
        return capture;
    }
}
