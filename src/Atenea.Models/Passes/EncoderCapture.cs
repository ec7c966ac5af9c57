using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>Asks an encoder for what happens inside, and receives it.</summary>
/// <example><code>
/// var pass = new ForwardPass(tape, batch) { Capture = new EncoderCapture { WantsAttentions = true } };
/// model.Encoder.Forward(pass);
/// AttentionCapture firstLayer = pass.Capture.Attentions[0];
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

    /// <summary>Forgets what an earlier pass left; an encoder calls it at its start.</summary>
    public void Begin()
    {
        _hiddenStates.Clear();
        _attentions.Clear();
    }

    /// <summary>Takes a hidden state, where they are wanted. An encoder must not release it then.</summary>
    public void AddHiddenState(Tensor state)
    {
        if (WantsHiddenStates) _hiddenStates.Add(state);
    }

    /// <summary>Where the next block's attention puts its probabilities; null where they are not wanted.</summary>
    public AttentionCapture? NextAttention()
    {
        if (!WantsAttentions) return null;
        var capture = new AttentionCapture();
        _attentions.Add(capture);
        return capture;
    }
}
