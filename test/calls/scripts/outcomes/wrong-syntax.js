module.exports = async () => { this is wrong }
