namespace Atenea.Hub;

/// <summary>What a hub repository holds; decides the prefix of its cache folder.</summary>
public enum RepositoryKind
{
    /// <summary>A model: <c>models--organisation--name</c>.</summary>
    Model,

    /// <summary>A data set: <c>datasets--organisation--name</c>.</summary>
    Dataset,
}
